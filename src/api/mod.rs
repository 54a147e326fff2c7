//! JSON as callers write and read it: what they mean to pay, a group that they hold, and the models
//! of the Worker's HTTP API, as the Worker writes them and the browser face reads them.

mod billing_key_results;
mod expectation;
mod group_review;
mod health;
mod identity;
mod payout_question;
mod problem;
mod question;
mod record;
mod session;

pub use billing_key_results::{BillingKeyOutcome, BillingKeyResults};
pub use expectation::read_expectation;
pub use group_review::review_payout_requests;
pub use health::{Egress, Health, HealthDetails, HealthStatus};
pub use identity::{Kind, Role};
#[cfg(feature = "schema")]
pub(crate) use payout_question::Input as PayoutQuestionInput;
pub use payout_question::PayoutQuestion;
pub use problem::{ApiErrorKind, Problem, ProblemKind, SettingFault};
pub use question::{BillingKeyQuestion, BillingKeysQuestion, SignIn};
pub use record::{
    AccessRecord, AccessRecords, AccessRecordsQuestion, AccessSummary, AccessSummaryLine, Action,
    ActionKind, ExportReason, RecordChain, RecordLink, RecordMethod, RecordTask,
};
pub use session::{Session, SessionMethod};
