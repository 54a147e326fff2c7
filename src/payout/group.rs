//! A payout group: the requests under one group key with their review and their fingerprint.

use std::fmt;

use serde::Serialize;

use super::expectation::Expectation;
use super::fingerprint::Fingerprint;
use super::model::{GroupKey, PayoutRequest};
use super::payment::Payment;
use super::review::{PayoutReview, Reviewed};
use crate::money::Won;

/// The requests that wait for execution under one group key, with their review.
///
/// Serialises as the contract's `PayoutRequestGroup`.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PayoutRequestGroup {
    #[serde(flatten)]
    header: Header,
    requests: Vec<PayoutRequest>,
    review: PayoutReview,
    fingerprint: Fingerprint,
}

/// What Payple says of a group as a whole.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Header {
    /// The key that was asked for.
    pub(crate) group_key: GroupKey,
    /// The sum of all requests as declared, in won.
    pub(crate) total: Won,
    /// The number of requests as declared.
    pub(crate) count: u64,
    /// Payple's result code.
    pub(crate) code: String,
    /// Payple's message.
    pub(crate) message: String,
}

impl PayoutRequestGroup {
    /// A group as the partner `cst_id` receives it: reviewed, and with its fingerprint.
    ///
    /// `computed_total` is the sum of the requests, which is known to be exact.
    pub(crate) fn new(
        header: Header,
        requests: Vec<PayoutRequest>,
        computed_total: Won,
        cst_id: &str,
    ) -> Self {
        let reviewed: Vec<Reviewed<'_>> = requests
            .iter()
            .map(|request| Reviewed {
                is_foreign_partner: request.cst_id != cst_id,
                is_foreign_group: request.group_key != header.group_key.as_str(),
                payment: request.payment(),
                remaining_limit: request.remaining_limit,
            })
            .collect();
        let review = PayoutReview::new(&reviewed, computed_total, header.total, header.count);
        let fingerprint = Fingerprint::of(&header.group_key, &requests);
        Self { header, requests, review, fingerprint }
    }

    /// The key that was asked for.
    pub fn group_key(&self) -> &GroupKey {
        &self.header.group_key
    }

    /// The sum of all requests as Payple declares it, in won.
    pub fn total(&self) -> Won {
        self.header.total
    }

    /// The number of requests as Payple declares it.
    pub fn count(&self) -> u64 {
        self.header.count
    }

    /// The requests, in Payple's order.
    pub fn requests(&self) -> &[PayoutRequest] {
        &self.requests
    }

    /// Whether the group holds together, and is what was expected.
    pub fn review(&self) -> &PayoutReview {
        &self.review
    }

    /// Identifies what would be paid, whatever the order of the requests.
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }

    /// Payple's result code.
    pub fn code(&self) -> &str {
        &self.header.code
    }

    /// Payple's message.
    pub fn message(&self) -> &str {
        &self.header.message
    }

    /// Compares the group with what is expected: the review then says where they differ. A comparison made before is
    /// replaced.
    pub fn compare(&mut self, expectation: &Expectation) {
        let payments: Vec<Payment<'_>> = self.requests.iter().map(PayoutRequest::payment).collect();
        self.review.compare(expectation, &payments, Some(self.fingerprint));
    }
}

/// Says how many requests there are; recipients and amounts are nobody's log's business.
impl fmt::Debug for PayoutRequestGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PayoutRequestGroup({} requests)", self.requests.len())
    }
}
