//! How many authentications many isolates in many places cost Payple, how much the objects of the
//! access record have to write, and what all of it costs at Cloudflare.
//!
//! A simulation over the crate's own flow: `cargo run --release --example scale` writes the tables
//! and the picture of `docs/scale.md` anew. `-- small` plays what `tests/worker/scale.test.mjs`
//! measures in workerd, and prints it as JSON.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod clock;
mod picture;
mod records;
mod world;

use std::fmt::Write;
use std::fs;

use payple_edge::{Config, Cpay, Credentials, Environment, Hub};

use picture::{Line, Panel};
use records::Programs;
use world::{BrokerRules, Counts, KvRules, Plan};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        None => write_page(),
        Some("small") => println!("{}", small(&arguments[1..])),
        Some(other) => panic!("{other}: there is only `small`"),
    }
}

/// Who stands between an isolate's memory and Payple.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Memory,
    Kv,
    Broker,
}

impl Mode {
    const ALL: [Self; 3] = [Self::Memory, Self::Kv, Self::Broker];

    fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Kv => "memory + KV",
            Self::Broker => "memory + KV + broker",
        }
    }

    fn plan(self, look_ups_per_s: f64, locations: usize) -> Plan {
        let per_location = look_ups_per_s / locations as f64;
        Plan {
            look_ups_per_s,
            locations,
            isolates_per_location: (per_location / LOOK_UPS_PER_ISOLATE).ceil().max(MIN_ISOLATES)
                as usize,
            kv: (self != Self::Memory).then_some(KV),
            broker: (self == Self::Broker).then_some(BROKER),
            token_life_s: 60,
            payple_ms: 50.0,
            round_trip_ms: [10.0, 250.0],
            seconds: [0.0, 0.0],
            seed: 7,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Service {
    Hub,
    Cpay,
}

impl Service {
    fn play(self, plan: Plan) -> Counts {
        match self {
            Self::Hub => world::play(Plan { seconds: HUB_SECONDS, ..plan }, || {
                Hub::new(&config()).expect("an official address")
            }),
            Self::Cpay => world::play(Plan { seconds: CPAY_SECONDS, ..plan }, || {
                Cpay::new(&config()).expect("an official address")
            }),
        }
    }

    /// Authentications a minute of somebody who knows everything and wastes nothing.
    fn lower_bound(self) -> f64 {
        match self {
            Self::Hub => 1.0,
            Self::Cpay => 1.0 / 30.0,
        }
    }
}

fn write_page() {
    let mut hub = Vec::new();
    let mut cpay = Vec::new();
    for locations in LOCATIONS {
        for look_ups_per_s in RATES {
            for mode in Mode::ALL {
                let plan = mode.plan(look_ups_per_s, locations);
                hub.push((plan, mode, Service::Hub.play(plan)));
                cpay.push((plan, mode, Service::Cpay.play(plan)));
            }
        }
    }
    let page = fs::read_to_string(PAGE).expect("docs/scale.md is there");
    let page = replaced(&page, "hub", &authentications(&hub, Service::Hub));
    let page = replaced(&page, "cpay", &authentications(&cpay, Service::Cpay));
    let page = replaced(&page, "records", &record_objects());
    let page = replaced(&page, "cost", &costs(&hub));
    fs::write(PAGE, page).expect("docs/scale.md can be written");
    fs::write(PICTURE, picture::draw(&panels(&hub))).expect("docs/scale.svg can be written");
}

type Run = (Plan, Mode, Counts);

fn authentications(runs: &[Run], service: Service) -> String {
    let mut table = String::from(
        "| locations | look-ups/s | isolates | memory | memory + KV | memory + KV + broker | lower bound |\n",
    );
    table.push_str("|--:|--:|--:|--:|--:|--:|--:|\n");
    let is_told = |plan: &Plan| {
        let is_end = [LOCATIONS[0], LOCATIONS[3]].contains(&plan.locations);
        TOLD_RATES.contains(&plan.look_ups_per_s) && (service == Service::Hub || is_end)
    };
    for cell in runs.chunks(Mode::ALL.len()).filter(|cell| is_told(&cell[0].0)) {
        let plan = cell[0].0;
        let isolates = plan.locations * plan.isolates_per_location;
        write!(table, "| {} | {} | {isolates} |", plan.locations, thousands(plan.look_ups_per_s))
            .unwrap();
        for (_, _, counts) in cell {
            assert_eq!(counts.failures, 0);
            write!(table, " {} |", short(per_minute(counts))).unwrap();
        }
        writeln!(table, " {} |", short(service.lower_bound())).unwrap();
    }
    table
}

/// The access record under programs.
fn record_objects() -> String {
    let mut table = String::from(
        "| programs | look-ups/s | busiest of 4 objects, entries/s | of its time | waits: median, 99 % |\n",
    );
    table.push_str("|--:|--:|--:|--:|--:|\n");
    for count in PROGRAMS {
        let load = records::play(Programs {
            count,
            look_ups_per_s: LOOKUP_LIMIT_PER_S,
            objects: PROGRAM_CHAINS,
            write_ms: WRITE_MS,
            seconds: 120.0,
        });
        let [median, most] = load.wait_ms;
        writeln!(
            table,
            "| {count} | {} | {} | {:.0} % | {median:.1} ms, {most:.1} ms |",
            thousands(load.entries_per_s),
            thousands(load.busiest_per_s),
            load.busiest_busy * 100.0,
        )
        .unwrap();
    }
    table
}

/// In USD for a million look-ups, beyond what the plan includes and on top of the Worker's own.
fn costs(runs: &[Run]) -> String {
    let mut table = String::from(
        "| locations | look-ups/s | tokens: memory + KV | memory + KV + broker | access record |\n",
    );
    table.push_str("|--:|--:|--:|--:|--:|\n");
    for cell in runs
        .chunks(Mode::ALL.len())
        .filter(|cell| cell[0].0.look_ups_per_s >= 10.0 && [1, 100].contains(&cell[0].0.locations))
    {
        let plan = cell[0].0;
        let [without, with] = [&cell[1].2, &cell[2].2].map(cost);
        writeln!(
            table,
            "| {} | {} | {without:.4} | {with:.4} | {:.2} |",
            plan.locations,
            thousands(plan.look_ups_per_s),
            record_cost(),
        )
        .unwrap();
    }
    table
}

/// One request to the object and one entry with its indexes, for each of a million look-ups.
fn record_cost() -> f64 {
    let gb_s = WRITE_MS / 1e3 * OBJECT_GB * 1e6;
    USD_PER_MILLION_OBJECT_REQUESTS
        + ROWS_OF_AN_ENTRY * USD_PER_MILLION_ROWS_WRITTEN
        + gb_s * USD_PER_MILLION_GB_S / 1e6
}

/// KV, and the broker with its storage.
fn cost(counts: &Counts) -> f64 {
    let kv = counts.kv_reads as f64 * USD_PER_MILLION_KV_READS
        + counts.kv_writes as f64 * USD_PER_MILLION_KV_WRITES;
    let gb_s = counts.broker_busy_us as f64 / 1e6 * OBJECT_GB;
    let broker = counts.broker_requests as f64 * USD_PER_MILLION_OBJECT_REQUESTS
        + gb_s * USD_PER_MILLION_GB_S
        + counts.broker_writes as f64 * USD_PER_MILLION_ROWS_WRITTEN;
    (kv + broker) / counts.look_ups as f64
}

fn panels(runs: &[Run]) -> Vec<Panel> {
    let panel = |locations: usize| {
        let line = |mode: Mode| Line {
            name: mode.name(),
            points: runs
                .iter()
                .filter(|(plan, of, _)| plan.locations == locations && *of == mode)
                .map(|(plan, _, counts)| (plan.look_ups_per_s, per_minute(counts)))
                .collect(),
        };
        let bound = Line {
            name: "lower bound",
            points: RATES.map(|rate| (rate, Service::Hub.lower_bound())).to_vec(),
        };
        let title =
            if locations == 1 { "1 location".to_owned() } else { format!("{locations} locations") };
        Panel { title, lines: Mode::ALL.into_iter().map(line).chain([bound]).collect() }
    };
    LOCATIONS.into_iter().map(panel).collect()
}

/// What a test measures in workerd on one machine: no way to anywhere, and KV without a cache.
fn small(arguments: &[String]) -> String {
    let number = |at: usize| {
        arguments[at]
            .parse::<f64>()
            .expect("look-ups/s, isolates, token life in s, Payple's ms, seconds")
    };
    let plan = Plan {
        look_ups_per_s: number(0),
        locations: 1,
        isolates_per_location: number(1) as usize,
        kv: None,
        broker: None,
        token_life_s: number(2) as u64,
        payple_ms: number(3),
        round_trip_ms: [0.0, 0.0],
        seconds: [0.0, number(4)],
        seed: 7,
    };
    let kv = Some(KvRules {
        hot_read_ms: 2.0,
        cold_read_ms: 2.0,
        cache_s: 0.0,
        write_ms: 2.0,
        write_pause_s: 0.0,
    });
    let broker = Some(BrokerRules { service_ms: 1.0, ..BROKER });
    let tokens = |plan: Plan| {
        // The mean over many runs, and how far single ones are from it.
        let runs: Vec<f64> = (1..=SMALL_RUNS)
            .map(|seed| {
                world::play(Plan { seed: seed * 7919, ..plan }, || {
                    Hub::new(&config()).expect("an official address")
                })
                .authentications as f64
            })
            .collect();
        let mean = runs.iter().sum::<f64>() / runs.len() as f64;
        let least = runs.iter().copied().fold(f64::INFINITY, f64::min);
        let most = runs.iter().copied().fold(0.0, f64::max);
        serde_json::json!({ "mean": mean, "least": least, "most": most })
    };
    serde_json::json!({
        "memory": tokens(plan),
        "kv": tokens(Plan { kv, ..plan }),
        "broker": tokens(Plan { kv, broker, ..plan }),
    })
    .to_string()
}

fn per_minute(counts: &Counts) -> f64 {
    counts.authentications as f64 / counts.minutes
}

/// Puts `table` between the markers of this name.
fn replaced(page: &str, name: &str, table: &str) -> String {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) =
        page.split_once(&begin).unwrap_or_else(|| panic!("docs/scale.md has no {begin}"));
    let (_, after) = rest.split_once(&end).unwrap_or_else(|| panic!("docs/scale.md has no {end}"));
    format!("{before}{begin}{table}{end}{after}")
}

fn short(number: f64) -> String {
    match number {
        n if n >= 100.0 => thousands(n.round()),
        n if n >= 10.0 => format!("{n:.0}"),
        n if n >= 1.0 => format!("{n:.2}"),
        n => format!("{n:.3}"),
    }
}

fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let groups: Vec<_> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap())
        .collect();
    groups.join(",")
}

fn config() -> Config {
    let credentials = Credentials::new("test", "abcd1234567890").expect("well formed");
    Config::new(Environment::Test, credentials)
}

const LOCATIONS: [usize; 4] = [1, 10, 100, 300];
const TOLD_RATES: [f64; 3] = [1.0, 100.0, 10_000.0];
const RATES: [f64; 5] = [1.0, 10.0, 100.0, 1_000.0, 10_000.0];

/// An isolate takes so many before there is another one, and a location has two at least.
const LOOK_UPS_PER_ISOLATE: f64 = 50.0;
const MIN_ISOLATES: f64 = 2.0;

const KV: KvRules = KvRules {
    hot_read_ms: 5.0,
    cold_read_ms: 150.0,
    cache_s: 30.0,
    write_ms: 500.0,
    write_pause_s: 1.0,
};
const BROKER: BrokerRules = BrokerRules { service_ms: 1.0, patience_ms: 2_000.0 };

/// Of one program, as wrangler.toml has it: 600 a minute.
const LOOKUP_LIMIT_PER_S: f64 = 10.0;
/// As in src/worker/records/client.rs.
const PROGRAM_CHAINS: u8 = 4;
/// What an object takes for an entry: a guess of ours, above the CPU that workerd takes
/// (`record_write_ms`).
const WRITE_MS: f64 = 2.0;
/// The entry itself, and three indexes.
const ROWS_OF_AN_ENTRY: f64 = 4.0;
const PROGRAMS: [usize; 7] = [1, 10, 20, 40, 80, 120, 160];

/// Half an hour after two minutes; four hours after one.
const HUB_SECONDS: [f64; 2] = [120.0, 1_920.0];
const CPAY_SECONDS: [f64; 2] = [3_600.0, 18_000.0];
const SMALL_RUNS: u64 = 50;

/// Cloudflare's list prices: docs/scale.md says from when and where.
const USD_PER_MILLION_KV_READS: f64 = 0.50;
const USD_PER_MILLION_KV_WRITES: f64 = 5.00;
const USD_PER_MILLION_OBJECT_REQUESTS: f64 = 0.15;
const USD_PER_MILLION_GB_S: f64 = 12.50;
const USD_PER_MILLION_ROWS_WRITTEN: f64 = 1.00;
const OBJECT_GB: f64 = 0.128;

const PAGE: &str = "docs/scale.md";
const PICTURE: &str = "docs/scale.svg";
