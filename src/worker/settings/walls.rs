//! The protections that live must have. Without one nothing would fail by itself, so its absence is
//! a fault, unless `ACCEPT_WITHOUT` names it. In test none is required.

use super::records::RECORDS;
use super::sign_in::{ACCESS_AUD, ACCESS_TEAM_DOMAIN};
use super::{Faults, Raw};
use crate::config::Environment;
use crate::json;

/// One wall.
struct Wall {
    /// As `ACCEPT_WITHOUT` names it.
    name: &'static str,
    /// The setting that a fault names.
    setting: &'static str,
    /// Completes a sentence: "{setting} is missing: {what it is for}".
    purpose: &'static str,
    is_there: fn(&Raw) -> bool,
}

/// A further wall is a further entry.
const WALLS: [Wall; 4] = [
    Wall {
        name: TOKENS,
        setting: TOKENS,
        purpose: "without the KV namespace every isolate authenticates by itself",
        is_there: |raw| raw.is_bound(TOKENS),
    },
    Wall {
        name: LOOKUP_LIMIT,
        setting: LOOKUP_LIMIT,
        purpose: "without the rate limit one caller can look up without end",
        is_there: |raw| raw.is_bound(LOOKUP_LIMIT),
    },
    Wall {
        name: RECORDS,
        setting: RECORDS,
        purpose: "without the access record nobody can tell who looked at whose data, and a sign-out may be late elsewhere",
        is_there: |raw| raw.is_bound(RECORDS),
    },
    Wall {
        name: "ACCESS",
        setting: ACCESS_TEAM_DOMAIN,
        purpose: "in live people sign in by Cloudflare Access",
        // One of the two alone is a fault of its own.
        is_there: |raw| raw.get(ACCESS_TEAM_DOMAIN).or_else(|| raw.get(ACCESS_AUD)).is_some(),
    },
];

/// Adds a fault for each wall that is missing in live and not done without on purpose.
pub(super) fn check(raw: &Raw, environment: Option<Environment>, faults: &mut Faults) {
    let Some(accepted) = raw.get(ACCEPT_WITHOUT).map_or_else(|| Some(Vec::new()), names) else {
        faults.add(
            ACCEPT_WITHOUT,
            "must be a list of TOKENS, LOOKUP_LIMIT, RECORDS and ACCESS, or of some of them",
        );
        return;
    };
    if environment != Some(Environment::Live) {
        return;
    }
    for Wall { name, setting, purpose, is_there } in WALLS {
        if !is_there(raw) && !accepted.iter().any(|accepted| accepted == name) {
            faults.add(
                setting,
                format!("is missing: {purpose}; ACCEPT_WITHOUT = \"{name}\" does without it"),
            );
        }
    }
}

/// Names between commas or white space, or a list of JSON; `None` where one of them is no wall.
fn names(text: &str) -> Option<Vec<String>> {
    let names: Vec<String> = if text.trim_start().starts_with('[') {
        json::parse(text.as_bytes()).ok()?
    } else {
        let between = |c: char| c == ',' || c.is_whitespace();
        text.split(between).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    };
    names.iter().all(|name| NAMES.contains(&name.as_str())).then_some(names)
}

pub(super) const ACCEPT_WITHOUT: &str = "ACCEPT_WITHOUT";
pub(in crate::worker) const TOKENS: &str = "TOKENS";
pub(in crate::worker) const LOOKUP_LIMIT: &str = "LOOKUP_LIMIT";

/// What may be named in `ACCEPT_WITHOUT`.
const NAMES: [&str; 4] = [TOKENS, LOOKUP_LIMIT, RECORDS, "ACCESS"];

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn walls_are_named_in_any_usual_form() {
        for text in
            ["ACCESS,TOKENS", " ACCESS  TOKENS ", "ACCESS, TOKENS", r#"["ACCESS","TOKENS"]"#]
        {
            assert_eq!(names(text), Some(vec!["ACCESS".to_owned(), "TOKENS".to_owned()]), "{text}");
        }
        assert_eq!(names(" "), Some(Vec::new()));
        assert_eq!(names("[]"), Some(Vec::new()));
        for text in ["access", "ACCESS;TOKENS", "ALL", "*", "[1]", "[\"WALL\"]", "ACCESS TOKEN"] {
            assert_eq!(names(text), None, "{text}");
        }
    }
}
