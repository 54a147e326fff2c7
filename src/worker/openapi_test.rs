//! Checks that the description of the API, OpenAPI 3.1, agrees with the code; `tests/worker` checks
//! it against the answers.
//!
//! Its schemas come from the Rust models (`npm run schema`), the rest is written by hand. It is
//! one of the admin page's files, which makes the Worker's upload smaller by 5 kB.

use std::collections::BTreeSet;

use serde_json::Value;

use super::route::Route;
use crate::api::ApiErrorKind;
use crate::error::ErrorKind;

fn description() -> Value {
    serde_json::from_str(include_str!("../../www/public/openapi.json")).unwrap()
}

#[test]
fn is_of_this_version() {
    assert_eq!(description()["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[test]
fn has_every_endpoint_with_every_method() {
    let description = description();
    let paths = description["paths"].as_object().unwrap();
    for (path, operations) in paths {
        let route = Route::of(path);
        assert!(!matches!(route, Route::Page | Route::Nothing), "{path} is no endpoint");
        let described: BTreeSet<_> =
            operations.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect();
        // HEAD comes with GET.
        let answered = route
            .methods()
            .split(", ")
            .filter(|method| *method != "HEAD")
            .map(str::to_owned)
            .collect();
        assert_eq!(described, answered, "{path}");
    }
    assert_eq!(paths.len(), 9);
}

#[test]
fn knows_every_kind_of_problem() {
    let description = description();
    let names = |schema: &str| -> Vec<String> {
        let kinds = description["components"]["schemas"][schema]["oneOf"].as_array().unwrap();
        kinds.iter().map(|kind| kind["const"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        names("ErrorKind"),
        ErrorKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>()
    );
    for kind in names("ApiErrorKind") {
        let read: ApiErrorKind = serde_json::from_value(kind.clone().into()).unwrap();
        assert_eq!(read.name(), kind);
    }
}

#[test]
fn what_the_api_refuses_is_told_beside_its_status() {
    let description = description();
    let responses = description["components"]["responses"].as_object().unwrap();
    let told: Vec<_> =
        responses.values().map(|response| response["description"].as_str().unwrap()).collect();
    let kinds = description["components"]["schemas"]["ApiErrorKind"]["oneOf"].as_array().unwrap();
    let names = kinds.iter().map(|kind| kind["const"].as_str().unwrap());
    // Of no path that is described.
    for name in names.filter(|name| *name != ApiErrorKind::NotFound.name()) {
        let quoted = format!("`{name}`");
        assert!(told.iter().any(|text| text.contains(&quoted)), "{name}");
    }
}
