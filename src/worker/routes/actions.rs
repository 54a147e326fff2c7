//! `POST /api/actions`: that somebody is about to take rows out of the page, and why, or has masked
//! ones shown. The page does neither before the answer. Who holds a look-up's answer can copy it by
//! other means: this records what is done in the open.

use futures_util::future::try_join_all;

use super::billing_keys;
use crate::api::{Action, ActionKind, ExportReason};
use crate::billing_key::PayerId;
use crate::json;
use crate::payout::GroupKey;
use crate::worker::auth::identity::Role;
use crate::worker::http::answer::Answer;
use crate::worker::http::body;
use crate::worker::http::problem::Problem;
use crate::worker::records::entry::Task;
use crate::worker::records::recorder::{Deed, OK};
use crate::worker::request_context::RequestContext;

/// Answers the request.
pub(crate) async fn answer(context: &RequestContext) -> Result<Answer, Problem> {
    let caller = context.authenticate().await?;
    let body = body::read_bytes(&context.request, MAX_BODY_BYTES).await?;
    let rule = context.state.settings.records.export_reason;
    let Checked { task, role, keys, rows, reason } =
        check(&body, rule).map_err(Problem::invalid_input)?;
    // One use has as many entries as one request for billing keys.
    let further_uses = keys.len().saturating_sub(1).div_euclid(billing_keys::MAX_KEYS);
    context.authenticator()?.count(&caller.identity.who(), further_uses).await?;
    context.require(&caller, role, task).await?;
    // An auditor's review of the record is none of what is forbidden: the law asks for it.
    if role == Role::Export && rule == ExportReason::Forbidden {
        return context.refuse(&caller, task, Problem::export_forbidden()).await;
    }

    let recorder = context.recorder();
    let reason = match reason {
        Some(reason) => recorder.reason(&reason).await?,
        None => None,
    };
    let subjects = try_join_all(keys.iter().map(|key| recorder.subject(key))).await?;
    let deeds = subjects.into_iter().map(|subject| Deed {
        task,
        subject,
        outcome: OK.to_owned(),
        rows: Some(rows),
        reason: reason.clone(),
    });
    recorder.write(&caller, deeds.collect()).await?;
    Ok(Answer::empty(204))
}

/// An action of the documented form.
#[derive(Debug)]
struct Checked {
    task: Task,
    /// Which it takes.
    role: Role,
    /// Whose data: an entry for each.
    keys: Vec<String>,
    /// In each entry.
    rows: u64,
    reason: Option<String>,
}

/// The error completes the sentence that is told, and repeats nothing of the body.
fn check(body: &[u8], rule: ExportReason) -> Result<Checked, String> {
    let action: Action<'_> =
        json::parse_object(body).map_err(|fault| format!("the body {fault}"))?;
    let is_record = action.access_record == Some(true);
    let (keys, rows) = match (action.group_key, action.payer_ids) {
        (None, None) if is_record && action.action != ActionKind::Show => {
            (vec![ACCESS_RECORD.to_owned()], action.rows)
        }
        _ if is_record => return Err(ONE_OF_THREE.to_owned()),
        (Some(key), None) => {
            let key = GroupKey::new(&key).map_err(|error| error.0.message)?;
            (vec![key.as_str().to_owned()], action.rows)
        }
        (None, Some(ids)) if (1..=MAX_KEYS).contains(&ids.len()) => {
            if u64::try_from(ids.len()) != Ok(action.rows) {
                return Err("rows must be how many billing keys payerIds holds".to_owned());
            }
            let keys = ids
                .iter()
                .map(|id| PayerId::new(id).map(|id| id.reveal().to_owned()))
                .collect::<Result<_, _>>()
                .map_err(|error| error.0.message)?;
            (keys, 1)
        }
        (None, Some(_)) => return Err(format!("payerIds must hold 1 to {MAX_KEYS} billing keys")),
        _ => return Err(ONE_OF_THREE.to_owned()),
    };
    if action.rows > MAX_ROWS {
        return Err("rows must be a whole number".to_owned());
    }
    let task = match action.action {
        ActionKind::Export => Task::Export,
        ActionKind::Print => Task::Print,
        ActionKind::Show => Task::Show,
    };
    let role = match task {
        Task::Show => Role::Lookup,
        _ if is_record => Role::Audit,
        _ => Role::Export,
    };
    let reason = action.reason.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let is_required =
        rule == ExportReason::Required || (rule == ExportReason::Forbidden && role == Role::Audit);
    let is_missing = reason.is_none() && is_required && task != Task::Show;
    if is_missing || reason.as_ref().is_some_and(|text| text.chars().count() > MAX_REASON_CHARS) {
        return Err(format!("reason must be a text of 1 to {MAX_REASON_CHARS} characters"));
    }
    Ok(Checked { task, role, keys, rows, reason })
}

/// The subject where the record itself is taken out: no key has a space.
const ACCESS_RECORD: &str = "access record";
const ONE_OF_THREE: &str =
    "exactly one of groupKey, payerIds and accessRecord must be given; what is shown is no record";
/// Each is an entry, and what one request computes is bounded by it.
const MAX_KEYS: usize = 1_000;
const MAX_REASON_CHARS: usize = 500;
/// JavaScript's last whole number.
const MAX_ROWS: u64 = 9_007_199_254_740_991;
const MAX_BODY_BYTES: usize = 512 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &[u8]) -> Result<Checked, String> {
        super::check(body, ExportReason::Required)
    }

    #[test]
    fn an_action_names_whose_data_and_why() {
        let checked = check(
            r#"{"action":"export","groupKey":"G1","rows":3,"reason":" 11월 정산 "}"#.as_bytes(),
        )
        .unwrap();
        assert_eq!(
            (checked.task, checked.rows, checked.reason.as_deref()),
            (Task::Export, 3, Some("11월 정산"))
        );
        assert_eq!(checked.keys, ["G1"]);

        let checked =
            check(br#"{"action":"print","payerIds":["P1","P2"],"rows":2,"reason":"x"}"#).unwrap();
        assert_eq!((checked.task, checked.keys.len()), (Task::Print, 2));
        assert_eq!((checked.role, checked.rows), (Role::Export, 1), "one for each key");
    }

    #[test]
    fn the_record_itself_is_taken_out_by_auditors_for_a_reason_where_exports_are_forbidden() {
        let body = br#"{"action":"print","accessRecord":true,"rows":2,"reason":"x"}"#;
        let checked = check(body).unwrap();
        assert_eq!((checked.role, checked.keys), (Role::Audit, vec!["access record".to_owned()]));
        let body = br#"{"action":"export","accessRecord":true,"rows":2}"#;
        assert!(super::check(body, ExportReason::Optional).is_ok());
        assert!(super::check(body, ExportReason::Required).is_err());
        assert!(super::check(body, ExportReason::Forbidden).is_err());
    }

    #[test]
    fn only_where_it_is_required_a_reason_must_be_given() {
        let print = |reason| format!(r#"{{"action":"print","groupKey":"G1","rows":3{reason}}}"#);
        let long = format!(r#","reason":"{}""#, "x".repeat(501));
        for rule in [ExportReason::Off, ExportReason::Optional, ExportReason::Forbidden] {
            let reason =
                |text| super::check(print(text).as_bytes(), rule).map(|print| print.reason);
            assert_eq!(reason(""), Ok(None));
            assert_eq!(reason(r#","reason":" ""#), Ok(None));
            assert_eq!(reason(r#","reason":"x""#), Ok(Some("x".to_owned())), "it is kept");
            assert!(reason(&long).is_err());
        }
        assert!(check(print("").as_bytes()).is_err());
        assert!(check(print("").replace("print", "show").as_bytes()).is_ok());
    }

    #[test]
    fn any_other_form_is_refused_without_being_repeated() {
        let long = "x".repeat(501);
        for body in [
            r#"{"action":"export","groupKey":"canary","payerIds":["P"],"rows":1,"reason":"x"}"#,
            r#"{"action":"export","rows":1,"reason":"x"}"#,
            r#"{"action":"export","groupKey":"G","accessRecord":true,"rows":1,"reason":"x"}"#,
            r#"{"action":"export","accessRecord":false,"rows":1,"reason":"x"}"#,
            r#"{"action":"show","accessRecord":true,"rows":1}"#,
            r#"{"action":"export","payerIds":[],"rows":1,"reason":"x"}"#,
            r#"{"action":"export","payerIds":["canary"],"rows":3,"reason":"x"}"#,
            r#"{"action":"canary","groupKey":"G","rows":1,"reason":"x"}"#,
            r#"{"action":"export","groupKey":"G","rows":1,"reason":"  "}"#,
            &format!(r#"{{"action":"export","groupKey":"G","rows":1,"reason":"{long}"}}"#),
            r#"{"action":"export","groupKey":"G","rows":-1,"reason":"x"}"#,
            r#"{"action":"export","groupKey":"G","rows":1.5,"reason":"x"}"#,
            r#"{"action":"export","groupKey":"G","rows":9007199254740992,"reason":"x"}"#,
            r#"{"action":"export","groupKey":"ca nary","rows":1,"reason":"x"}"#,
            r#"{"action":"export","groupKey":"G","rows":1,"reason":"x","canary":1}"#,
            r#"["canary"]"#,
        ] {
            let told = check(body.as_bytes()).unwrap_err();
            assert!(!told.contains("canary") && !told.contains("xxx"), "{told}");
        }
    }
}
