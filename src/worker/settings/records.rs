//! The settings of the access record: what seals the subjects in it, for how long it is kept, and
//! whether exports and prints need a reason.

use super::{Faults, Raw};
use crate::api::ExportReason;
use crate::secret::Secret;
use crate::worker::auth::randomness::looks_random;

/// How the record is kept.
pub(in crate::worker) struct RecordSettings {
    /// `RECORD_KEY`: the first seals, the others still open what they sealed. Empty where no record
    /// is kept.
    pub(in crate::worker) keys: Vec<Secret>,
    /// `RECORD_RETENTION_DAYS`; `None` where it is at fault.
    pub(super) retention_days: Option<u32>,
    /// `EXPORT_REASON`.
    pub(in crate::worker) export_reason: ExportReason,
}

impl RecordSettings {
    pub(super) fn check(raw: &Raw, faults: &mut Faults) -> Self {
        let keys = faults.parse(
            raw,
            RECORD_KEY,
            "must be at least 32 random visible ASCII characters, older ones after it behind commas: `npm run token` makes one",
            |text| {
                let keys = text.split([',', ' ', '\n']).filter(|key| !key.is_empty());
                keys.map(|key| looks_random(key).then(|| Secret::new(key.to_owned()))).collect()
            },
        );
        let retention_days = match raw.get(RECORD_RETENTION_DAYS) {
            None => Some(USUAL_DAYS),
            Some(_) => faults.parse(
                raw,
                RECORD_RETENTION_DAYS,
                "must be a number of days, at least 365",
                |text| text.parse().ok().filter(|days| (MIN_DAYS..=MAX_DAYS).contains(days)),
            ),
        };
        let export_reason = faults.parse(
            raw,
            EXPORT_REASON,
            "must be \"off\", \"optional\", \"required\" or \"forbidden\"",
            |text| match text {
                "off" => Some(ExportReason::Off),
                "optional" => Some(ExportReason::Optional),
                "required" => Some(ExportReason::Required),
                "forbidden" => Some(ExportReason::Forbidden),
                _ => None,
            },
        );
        if raw.get(RECORD_ARCHIVE).is_some() {
            faults.add(RECORD_ARCHIVE, "must be an R2 bucket, not a text");
        }
        if raw.is_bound(RECORDS) && raw.get(RECORD_KEY).is_none() {
            faults.add(RECORD_KEY, "is missing: it seals the subjects in the access record");
        }
        Self {
            keys: keys.unwrap_or_default(),
            retention_days,
            export_reason: export_reason.unwrap_or_default(),
        }
    }
}

pub(in crate::worker) const RECORDS: &str = "RECORDS";
/// The bucket for a file a day of the record.
pub(in crate::worker) const RECORD_ARCHIVE: &str = "RECORD_ARCHIVE";
pub(super) const RECORD_KEY: &str = "RECORD_KEY";
pub(super) const RECORD_RETENTION_DAYS: &str = "RECORD_RETENTION_DAYS";
pub(super) const EXPORT_REASON: &str = "EXPORT_REASON";

/// One year, as the law has it for small systems.
const MIN_DAYS: u32 = 365;
/// A century.
const MAX_DAYS: u32 = 36_500;
/// Two years, as the law has it where 50,000 people and more are concerned.
const USUAL_DAYS: u32 = 730;
