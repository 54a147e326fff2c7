//! The Worker's settings: read by name, checked as a whole, and told apart from one another without
//! showing a value.

mod records;
mod sign_in;
mod walls;

use std::borrow::Cow;
use std::fmt;

use self::records::{EXPORT_REASON, RECORD_KEY, RECORD_RETENTION_DAYS};
pub(super) use self::records::{RECORD_ARCHIVE, RECORDS, RecordSettings};
use self::sign_in::{
    ACCESS_AUD, ACCESS_TEAM_DOMAIN, ADMIN_TOKEN, NAMED_TOKENS, ROLES, SESSION_SECRET,
};
pub(super) use self::sign_in::{Access, SignIn};
use self::walls::ACCEPT_WITHOUT;
pub(super) use self::walls::{LOOKUP_LIMIT, TOKENS};
use crate::config::{Config, Credentials, Environment, Origin, Referer};

/// Everything that is configured, as it was found.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Raw {
    values: Vec<(&'static str, String)>,
    /// The bindings that are there.
    bound: Vec<&'static str>,
}

impl Raw {
    /// Asks `read` for every setting, where an empty one counts as not set, and `is_bound` for
    /// every binding whose absence may be a fault.
    pub(super) fn collect(
        read: impl Fn(&'static str) -> Option<String>,
        is_bound: impl Fn(&'static str) -> bool,
    ) -> Self {
        Self {
            values: NAMES
                .iter()
                .filter_map(|name| Some((*name, read(name).filter(|value| !value.is_empty())?)))
                .collect(),
            bound: [TOKENS, LOOKUP_LIMIT, RECORDS]
                .into_iter()
                .filter(|name| is_bound(name))
                .collect(),
        }
    }

    fn get(&self, wanted: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.as_str())
    }

    fn is_bound(&self, name: &str) -> bool {
        self.bound.contains(&name)
    }
}

/// What is right and what is wrong with the settings.
pub(super) struct Settings {
    /// Which of Payple's environments is asked; `None` where that setting is at fault.
    environment: Option<Environment>,
    /// Who asks Payple; `None` where a setting for it is at fault.
    pub(super) config: Option<Config>,
    /// How people and programs sign in.
    pub(super) sign_in: SignIn,
    /// How the access record is kept.
    pub(super) records: RecordSettings,
    /// What is missing or malformed. With any fault nothing is looked up.
    pub(super) faults: Vec<Fault>,
}

/// One setting that is not as it must be. It names the setting and never repeats its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) setting: &'static str,
    pub(super) problem: Cow<'static, str>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.setting, self.problem)
    }
}

impl Settings {
    /// Checks everything and collects every fault, so that one look at `/healthz` is enough.
    pub(super) fn check(raw: &Raw) -> Self {
        let mut faults = Faults(Vec::new());
        let environment = raw.get(ENVIRONMENT).and_then(|text| Environment::parse(text).ok());
        let sign_in = SignIn::check(raw, environment, &mut faults);
        let config = config(raw, &mut faults);
        let records = RecordSettings::check(raw, &mut faults);
        walls::check(raw, environment, &mut faults);
        Self { environment, config, sign_in, records, faults: faults.0 }
    }

    /// Whether what is kept for live holds: wherever it is not said that this is test, whatever
    /// else is at fault.
    pub(super) fn is_live(&self) -> bool {
        self.environment != Some(Environment::Test)
    }

    /// For how long the access record is kept; `None` while any setting is at fault: what is let
    /// go of does not come back, so that is done by settings that are right as a whole.
    ///
    /// A year is kept for a year, also where it has a leap day.
    pub(super) fn days_to_keep(&self) -> Option<u32> {
        let days = self.records.retention_days.filter(|_| self.faults.is_empty())?;
        days.checked_add(days.div_ceil(DAYS_OF_FOUR_YEARS))
    }

    /// What is wrong, a sentence for each.
    pub(super) fn faults_told(&self) -> Vec<String> {
        self.faults.iter().map(ToString::to_string).collect()
    }
}

struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, setting: &'static str, problem: impl Into<Cow<'static, str>>) {
        self.0.push(Fault { setting, problem: problem.into() });
    }

    /// The parsed value where there is one; a value that does not parse is a fault.
    fn parse<T>(
        &mut self,
        raw: &Raw,
        setting: &'static str,
        problem: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(raw.get(setting)?);
        if parsed.is_none() {
            self.add(setting, problem);
        }
        parsed
    }
}

fn config(raw: &Raw, faults: &mut Faults) -> Option<Config> {
    if raw.get(ENVIRONMENT).is_none() {
        faults.add(ENVIRONMENT, MISSING);
    }
    let environment = faults.parse(raw, ENVIRONMENT, "must be \"test\" or \"live\"", |text| {
        Environment::parse(text).ok()
    });
    for name in [CST_ID, CUST_KEY] {
        if raw.get(name).is_none() {
            faults.add(name, MISSING);
        }
    }
    let credentials = credentials(raw, [CST_ID, CUST_KEY], faults);
    let hub_credentials = credentials_of_the_hub(raw, faults);
    let referer = faults.parse(
        raw,
        REFERER,
        "must be a full address with scheme, such as https://shop.example",
        |text| Referer::parse(text).ok(),
    );
    if environment == Some(Environment::Live) && raw.get(REFERER).is_none() {
        faults.add(
            REFERER,
            "is missing: live billing-key look-ups need the domain registered with Payple",
        );
    }
    let [hub_origin, cpay_origin] =
        [HUB_ORIGIN, CPAY_ORIGIN].map(|name| sandbox_origin(raw, name, environment, faults));
    if raw.get(EGRESS).is_some() {
        faults.add(EGRESS, "must be a service binding, not a text");
    }
    let mut config = Config::new(environment?, credentials?);
    config.hub_credentials = hub_credentials;
    config.referer = referer;
    config.hub_origin = hub_origin;
    config.cpay_origin = cpay_origin;
    Some(config)
}

/// A pair of settings; a malformed half is a fault, a missing one is not.
fn credentials(
    raw: &Raw,
    [id_name, key_name]: [&'static str; 2],
    faults: &mut Faults,
) -> Option<Credentials> {
    // Each half is checked beside a good other half, so that the fault names the right one.
    faults.parse(raw, id_name, MALFORMED_CREDENTIAL, |id| Credentials::new(id, "good").ok());
    faults.parse(raw, key_name, MALFORMED_CREDENTIAL, |key| Credentials::new("good", key).ok());
    Credentials::new(raw.get(id_name)?, raw.get(key_name)?).ok()
}

fn credentials_of_the_hub(raw: &Raw, faults: &mut Faults) -> Option<Credentials> {
    match (raw.get(HUB_CST_ID), raw.get(HUB_CUST_KEY)) {
        (None, Some(_)) => faults.add(HUB_CST_ID, "is missing, though PAYPLE_HUB_CUST_KEY is set"),
        (Some(_), None) => faults.add(HUB_CUST_KEY, "is missing, though PAYPLE_HUB_CST_ID is set"),
        _ => {}
    }
    credentials(raw, [HUB_CST_ID, HUB_CUST_KEY], faults)
}

/// The credentials and tokens of a real partner must not be sent elsewhere by a slip in a setting.
fn sandbox_origin(
    raw: &Raw,
    name: &'static str,
    environment: Option<Environment>,
    faults: &mut Faults,
) -> Option<Origin> {
    if raw.get(name).is_some() && environment == Some(Environment::Live) {
        faults.add(name, "must not be set in live: it is for a sandbox on this machine");
        return None;
    }
    faults.parse(
        raw,
        name,
        "must be an origin on this machine, such as http://127.0.0.1:8788",
        |text| Origin::parse(text).ok().filter(Origin::is_loopback),
    )
}

const ENVIRONMENT: &str = "PAYPLE_ENVIRONMENT";
const REFERER: &str = "PAYPLE_REFERER";
const CST_ID: &str = "PAYPLE_CST_ID";
const CUST_KEY: &str = "PAYPLE_CUST_KEY";
const HUB_CST_ID: &str = "PAYPLE_HUB_CST_ID";
const HUB_CUST_KEY: &str = "PAYPLE_HUB_CUST_KEY";
const HUB_ORIGIN: &str = "PAYPLE_HUB_ORIGIN";
const CPAY_ORIGIN: &str = "PAYPLE_CPAY_ORIGIN";
const EGRESS: &str = "PAYPLE_EGRESS";

const NAMES: [&str; 20] = [
    ENVIRONMENT,
    REFERER,
    CST_ID,
    CUST_KEY,
    HUB_CST_ID,
    HUB_CUST_KEY,
    HUB_ORIGIN,
    CPAY_ORIGIN,
    EGRESS,
    ADMIN_TOKEN,
    SESSION_SECRET,
    RECORD_KEY,
    RECORD_RETENTION_DAYS,
    RECORD_ARCHIVE,
    EXPORT_REASON,
    NAMED_TOKENS,
    ROLES,
    ACCEPT_WITHOUT,
    ACCESS_TEAM_DOMAIN,
    ACCESS_AUD,
];

const DAYS_OF_FOUR_YEARS: u32 = 4 * 365 + 1;

const MISSING: &str = "is missing";
const MALFORMED_CREDENTIAL: &str = "must be 1 to 255 characters without white space";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ExportReason;
    use crate::worker::auth::identity::{Role, Roles};

    const TOKEN: &str = "6b1f0c9ad27e4385bb0e51d7f2a9c846";
    const SECRET: &str = "93ce7ad14f0b5286e1d83c7a60f49b25";
    const KEY: &str = "c07e5d2b81fa4396e0d7a25c64b1f893";
    const GOOD: [(&str, &str); 6] = [
        (ENVIRONMENT, "test"),
        (CST_ID, "test"),
        (CUST_KEY, "abcd1234567890"),
        (ADMIN_TOKEN, TOKEN),
        (SESSION_SECRET, SECRET),
        (RECORD_KEY, KEY),
    ];

    const ACCESS: [(&str, &str); 2] = [(ACCESS_TEAM_DOMAIN, "team.example"), (ACCESS_AUD, "tag")];
    const LIVE: [(&str, &str); 2] = [(ENVIRONMENT, "live"), (REFERER, "https://shop.example")];

    /// Good settings with some of them changed; an empty value takes one away.
    fn check(changes: &[(&str, &str)]) -> Settings {
        check_bound(changes, &[TOKENS, LOOKUP_LIMIT, RECORDS])
    }

    fn check_bound(changes: &[(&str, &str)], bound: &[&str]) -> Settings {
        let value = |name: &str| {
            changes
                .iter()
                .chain(&GOOD)
                .find(|(n, _)| *n == name)
                .map(|(_, value)| (*value).to_owned())
        };
        Settings::check(&Raw::collect(value, |name| bound.contains(&name)))
    }

    fn faulty(changes: &[(&str, &str)]) -> Vec<&'static str> {
        check(changes).faults.iter().map(|fault| fault.setting).collect()
    }

    #[test]
    fn the_least_that_is_needed_is_enough() {
        let settings = check(&[]);

        assert_eq!(settings.faults, []);
        assert!(
            settings.config.is_some()
                && settings.sign_in.credentials.len() == 1
                && settings.sign_in.access.is_none()
        );
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let faults = faulty(&[
            (ENVIRONMENT, "TEST"),
            (CST_ID, ""),
            (CUST_KEY, "a b"),
            (ADMIN_TOKEN, ""),
            (REFERER, "shop.example"),
        ]);

        assert_eq!(faults, [ADMIN_TOKEN, ENVIRONMENT, CST_ID, CUST_KEY, REFERER]);
        assert_eq!(faulty(&[(CUST_KEY, "a b")]), [CUST_KEY]);
        assert_eq!(faulty(&[(ENVIRONMENT, "")]), [ENVIRONMENT]);
    }

    #[test]
    fn live_needs_a_referer_and_takes_no_origin() {
        assert_eq!(faulty(&[&[LIVE[0]], &ACCESS[..]].concat()), [REFERER]);
        assert!(faulty(&[LIVE, ACCESS].concat()).is_empty());
        let local = "http://127.0.0.1:8788";
        assert_eq!(
            faulty(&[&[LIVE, ACCESS].concat()[..], &[(HUB_ORIGIN, local)]].concat()),
            [HUB_ORIGIN]
        );
        assert!(faulty(&[(HUB_ORIGIN, local), (CPAY_ORIGIN, local)]).is_empty());
        assert_eq!(
            faulty(&[(HUB_ORIGIN, "https://relay.example"), (CPAY_ORIGIN, "x")]),
            [HUB_ORIGIN, CPAY_ORIGIN]
        );
    }

    #[test]
    fn a_weak_admin_token_is_no_admin_token() {
        for token in [
            "short",
            &TOKEN[1..],
            &"a".repeat(32),
            "6b1f0c9ad27e4385 bb0e51d7f2a9c84",
            "비밀번호비밀번호비밀번호비밀번호비밀번호비밀번호비밀번호비밀번호",
        ] {
            let settings = check(&[(ADMIN_TOKEN, token)]);
            assert!(!settings.sign_in.is_configured(), "{token}");
            assert_eq!(settings.faults.len(), 1);
        }
    }

    #[test]
    fn who_signs_in_by_a_token_needs_a_session_secret_of_its_own() {
        assert_eq!(faulty(&[(SESSION_SECRET, "")]), [SESSION_SECRET]);
        assert_eq!(faulty(&[(SESSION_SECRET, TOKEN)]), [SESSION_SECRET]);
        assert_eq!(faulty(&[(SESSION_SECRET, &"a".repeat(64))]), [SESSION_SECRET]);
        assert!(
            faulty(&[&ACCESS[..], &[(SESSION_SECRET, ""), (ADMIN_TOKEN, "")]].concat()).is_empty()
        );
    }

    #[test]
    fn named_tokens_are_enough_and_only_people_need_sessions() {
        let named = |kind: &str| {
            let sha256 = "ab".repeat(32);
            format!(
                r#"[{{"name":"n","kind":"{kind}","sha256":"{sha256}","roles":["lookup"],"expires":"2099-12-31"}}]"#
            )
        };
        let alone = [(ADMIN_TOKEN, ""), (SESSION_SECRET, "")];
        let with = |tokens: &str| faulty(&[&alone[..], &[(NAMED_TOKENS, tokens)]].concat());
        assert!(with(&named("program")).is_empty());
        assert_eq!(with(&named("person")), [SESSION_SECRET]);
        assert_eq!(with("[]"), [NAMED_TOKENS], "nobody can sign in");
        assert_eq!(with("{}"), [NAMED_TOKENS]);
    }

    #[test]
    fn the_admin_token_opens_everything_but_in_live_beside_access() {
        let opens = |changes: &[(&str, &str)]| {
            let settings = check(changes);
            settings.sign_in.credentials.first().map(|admin| admin.identity.roles.clone())
        };
        let all = Some(Roles::all());
        assert_eq!((opens(&[]), opens(&ACCESS), opens(&LIVE)), (all.clone(), all.clone(), all));

        let both = [ACCESS, LIVE].concat();
        assert_eq!(opens(&both), Some(Roles::default()));
        let given = [&both[..], &[(ROLES, r#"{"ADMIN_TOKEN":["lookup"],"*":["audit"]}"#)]].concat();
        assert_eq!(opens(&given), Some(vec![Role::Lookup].into()));
    }

    #[test]
    fn it_is_live_wherever_it_is_not_said_to_be_test() {
        let is_live = |changes: &[(&str, &str)]| check(changes).is_live();
        assert!(!is_live(&[]) && !is_live(&[(CUST_KEY, "")]));
        assert!(is_live(&LIVE) && is_live(&[LIVE[0], (CUST_KEY, "")]));
        assert!(is_live(&[(ENVIRONMENT, "TEST")]) && is_live(&[(ENVIRONMENT, "")]));
    }

    #[test]
    fn a_missing_wall_is_a_fault_in_live_unless_it_is_done_without_on_purpose() {
        let missing = |accepted: &'static str, bound: &[&str]| -> Vec<_> {
            let changes = [&LIVE[..], &[(ACCEPT_WITHOUT, accepted)]].concat();
            check_bound(&changes, bound).faults.iter().map(|fault| fault.setting).collect()
        };
        assert_eq!(missing("", &[]), [TOKENS, LOOKUP_LIMIT, RECORDS, ACCESS_TEAM_DOMAIN]);
        assert_eq!(missing("TOKENS", &[LOOKUP_LIMIT, RECORDS]), [ACCESS_TEAM_DOMAIN]);
        assert_eq!(missing("ACCESS RECORDS", &[TOKENS]), [LOOKUP_LIMIT]);
        assert_eq!(missing("ACCESS", &[TOKENS, LOOKUP_LIMIT]), [RECORDS]);
        assert!(missing("TOKENS, LOOKUP_LIMIT, RECORDS, ACCESS", &[]).is_empty());
        assert_eq!(missing("TOKENS, EVERYTHING", &[]), [ACCEPT_WITHOUT]);
        assert!(check_bound(&[], &[]).faults.is_empty(), "nothing is asked for in test");
        assert_eq!(check_bound(&[(ACCEPT_WITHOUT, "x")], &[]).faults.len(), 1);
    }

    #[test]
    fn a_record_needs_a_random_key_and_is_kept_for_a_year_at_least() {
        assert_eq!(faulty(&[(RECORD_KEY, "")]), [RECORD_KEY]);
        assert_eq!(faulty(&[(RECORD_KEY, &"a".repeat(64))]), [RECORD_KEY]);
        assert_eq!(faulty(&[(RECORD_KEY, &format!("{KEY},short"))]), [RECORD_KEY]);
        assert!(check_bound(&[(RECORD_KEY, "")], &[]).faults.is_empty(), "where there is none");
        assert_eq!(check(&[(RECORD_KEY, &format!("{KEY}, {SECRET}"))]).records.keys.len(), 2);

        let days = |changes: &[(&str, &str)]| check(changes).days_to_keep();
        assert_eq!(days(&[]), Some(731), "with a leap day");
        for (text, with_leap_days) in [("365", 366), ("1460", 1_461), ("1825", 1_827)] {
            assert_eq!(days(&[(RECORD_RETENTION_DAYS, text)]), Some(with_leap_days));
        }
        for text in ["364", "0", "-1", "a year", "3650 days", "365.5", "1000000"] {
            let faulty = check(&[(RECORD_RETENTION_DAYS, text)]);
            assert_eq!(faulty.faults.first().map(|f| f.setting), Some(RECORD_RETENTION_DAYS));
            assert_eq!((faulty.faults.len(), faulty.days_to_keep()), (1, None), "{text}");
        }
        assert_eq!(days(&[(CUST_KEY, "a b")]), None, "whichever is at fault");
    }

    #[test]
    fn exports_say_why_unless_told_otherwise_in_one_of_four_words() {
        assert_eq!(check(&[]).records.export_reason, ExportReason::Required);
        for (text, reason) in [
            ("off", ExportReason::Off),
            ("optional", ExportReason::Optional),
            ("required", ExportReason::Required),
            ("forbidden", ExportReason::Forbidden),
        ] {
            let settings = check(&[(EXPORT_REASON, text)]);
            assert_eq!((settings.records.export_reason, settings.faults), (reason, vec![]));
        }
        for text in ["Off", "none", "required ", "true"] {
            assert_eq!(faulty(&[(EXPORT_REASON, text)]), [EXPORT_REASON], "{text}");
        }
    }

    #[test]
    fn access_needs_both_of_its_settings_and_replaces_the_token() {
        let both = [
            (ACCESS_TEAM_DOMAIN, "https://Team.cloudflareaccess.com/"),
            (ACCESS_AUD, "tag"),
            (ADMIN_TOKEN, ""),
        ];
        let settings = check(&both);
        let expected = Access {
            issuer: "https://team.cloudflareaccess.com".to_owned(),
            audience: "tag".to_owned(),
        };
        assert_eq!((settings.faults.len(), settings.sign_in.access), (0, Some(expected)));

        assert_eq!(faulty(&both[1..]), [ACCESS_TEAM_DOMAIN]);
        assert_eq!(faulty(&[both[0], both[2]]), [ACCESS_AUD]);
        for bad in [
            "team",
            "http://team.example",
            "team.example/path",
            "team.example:8080",
            "a@team.example",
            "..",
            "t eam.example",
        ] {
            assert_eq!(
                faulty(&[(ACCESS_TEAM_DOMAIN, bad), both[1]]),
                [ACCESS_TEAM_DOMAIN],
                "{bad}"
            );
        }
    }

    #[test]
    fn the_hubs_own_pair_is_whole_or_absent() {
        assert_eq!(faulty(&[(HUB_CST_ID, "hub")]), [HUB_CUST_KEY]);
        assert_eq!(faulty(&[(HUB_CUST_KEY, "key")]), [HUB_CST_ID]);
        assert!(
            check(&[(HUB_CST_ID, "hub"), (HUB_CUST_KEY, "key")])
                .config
                .is_some_and(|p| p.hub_credentials.is_some())
        );
    }

    #[test]
    fn a_fault_repeats_no_value() {
        let canaries = NAMES.map(|name| (name, "canary value"));
        let settings = check(&canaries);

        assert_eq!(settings.faults.len(), canaries.len());
        assert!(settings.faults.iter().all(|fault| !fault.to_string().contains("canary")));
    }
}
