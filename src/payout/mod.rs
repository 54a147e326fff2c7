//! Payout requests as a company checks them: the model, the review, the comparison with a list, the
//! fingerprint.
//!
//! No I/O and no reading of JSON: [`crate::hub`] reads Payple's wire form and [`crate::api`] what
//! callers write; both hand over the model.

mod comparison;
mod expectation;
mod finding;
mod fingerprint;
mod group;
mod matching;
mod model;
mod nearest;
mod payment;
mod places;
mod review;

pub use comparison::ExpectationSummary;
pub use expectation::{Expectation, ExpectedRequest, MatchBy};
pub use finding::{Finding, FindingKind, Severity};
pub(crate) use fingerprint::Covered;
pub use fingerprint::Fingerprint;
pub(crate) use group::Header;
pub use group::PayoutRequestGroup;
pub use model::{GroupKey, PayoutRequest};
pub(crate) use model::{NOT_A_SUM, NOT_AN_AMOUNT, TOO_MUCH};
pub(crate) use payment::Payment;
pub use review::PayoutReview;
pub(crate) use review::Reviewed;
