//! A payout group: the requests under one group key with their review and their fingerprint.

use serde::{Deserialize, Serialize};

use super::expectation::Expectation;
use super::fingerprint::Fingerprint;
use super::model::{GroupKey, PayoutRequest};
use super::payment::Payment;
use super::review::{PayoutReview, Reviewed};
use crate::money::Won;

/// The requests that wait for execution under one group key, with their review.
/// Executed, cancelled and failed ones are not in it. 실행 대기 중인 지급이체 요청 묶음.
//
// Its `Debug` says how many requests there are; recipients and amounts are nobody's log's
// business.
#[derive(Clone, PartialEq, Eq, derive_more::Debug, Serialize, Deserialize)]
#[debug("PayoutRequestGroup({} requests)", self.requests.len())]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PayoutRequestGroup {
    /// 실행 그룹 키, as asked for.
    pub group_key: GroupKey,
    /// 총 지급이체 요청금액 as Payple declares it, in won (KRW, integer).
    pub total: Won,
    /// 총 지급이체 요청건수 as Payple declares it.
    pub count: u64,
    /// In Payple's order.
    pub requests: Vec<PayoutRequest>,
    /// Whether the group holds together: the last check before money moves.
    pub review: PayoutReview,
    /// Identifies what would be paid, whatever the order of the requests: `v1:` and a SHA-256
    /// (docs/fingerprint.md). 지급 내용의 검증값.
    pub fingerprint: Fingerprint,
    /// Payple's result code, `A0000`.
    pub code: String,
    /// Payple's message.
    pub message: String,
}

/// What Payple says of a group as a whole.
pub(crate) struct Header {
    pub(crate) group_key: GroupKey,
    pub(crate) total: Won,
    pub(crate) count: u64,
    pub(crate) code: String,
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
        let Header { group_key, total, count, code, message } = header;
        Self { group_key, total, count, requests, review, fingerprint, code, message }
    }

    /// Compares the group with what is expected: the review then says where they differ. A
    /// comparison made before is replaced.
    pub fn compare(&mut self, expectation: &Expectation) {
        let payments: Vec<Payment<'_>> = self.requests.iter().map(PayoutRequest::payment).collect();
        self.review.compare(expectation, &payments, Some(self.fingerprint));
    }
}
