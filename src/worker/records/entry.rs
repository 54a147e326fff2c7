//! What the record says of one act: who, how they signed in, from where, what, whose, with what
//! outcome. Never a value that was looked up.

use serde::{Deserialize, Serialize};

/// An act in its place in the record, as it is kept and as auditors read it. What is sealed is
/// opened for them alone.
pub(in crate::worker) use crate::api::AccessRecord as Entry;
pub(in crate::worker) use crate::api::{RecordMethod as Method, RecordTask as Task};

/// What somebody did, as the isolate hands it to the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::worker) struct Act {
    /// `person <e-mail or name>`, `program <name>`, `admin`, `nobody` where nobody has signed in,
    /// or `system` (식별자).
    pub(in crate::worker) who: String,
    pub(in crate::worker) method: Method,
    /// Where it came from (접속지): an IP address, or `unknown`.
    pub(in crate::worker) address: String,
    pub(in crate::worker) task: Task,
    /// Whose data (처리한 정보주체): absent where it is nobody's.
    pub(in crate::worker) subject: Subject,
    /// `ok`, `session_ended`, or the kind of the problem.
    pub(in crate::worker) outcome: String,
    /// How many rows were shown or taken out.
    pub(in crate::worker) rows: Option<u64>,
    /// Why, as they gave it, sealed: it is free text, and people write names into it.
    pub(in crate::worker) reason: Option<String>,
    pub(in crate::worker) request_id: String,
}

/// A billing key or a group key, as it is kept. A group key stands for all who are paid by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::worker) struct Subject {
    /// Sealed, in hexadecimal digits.
    pub(in crate::worker) sealed: Option<String>,
    /// A keyed hash, to search by.
    pub(in crate::worker) hash: Option<String>,
    /// Which `RECORD_KEY` has sealed subject and reason.
    pub(in crate::worker) key_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_are_written() {
        for &task in Task::ALL {
            assert_eq!(serde_json::to_value(task).unwrap(), task.name());
        }
        for method in [
            Method::Token,
            Method::Session,
            Method::Access,
            Method::Emergency,
            Method::Binding,
            Method::None,
        ] {
            assert_eq!(serde_json::to_value(method).unwrap(), method.name());
        }
    }
}
