//! Payout requests as a company checks them: the model, the review, the comparison with a list, the
//! fingerprint.
//!
//! No I/O, and nothing of Payple's wire form: [`crate::hub`] reads that and hands over the model.

mod comparison;
mod expectation;
mod finding;
mod fingerprint;
mod group;
mod input;
mod matching;
mod model;
mod nearest;
mod payment;
mod places;
mod review;

pub use comparison::ExpectationSummary;
#[cfg(feature = "schema")]
pub(crate) use expectation::ExpectationInput;
pub use expectation::{Expectation, ExpectedRequest, MatchBy};
pub use finding::{Finding, FindingKind, Severity};
pub use fingerprint::Fingerprint;
pub(crate) use group::Header;
pub use group::PayoutRequestGroup;
pub(crate) use input::declared_sum;
pub use input::review_payout_requests;
pub use model::{GroupKey, PayoutRequest};
pub(crate) use model::{NOT_AN_AMOUNT, TOO_MUCH};
pub use review::PayoutReview;
