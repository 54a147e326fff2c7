//! One thing that a review or a comparison found, in English and Korean.

use serde::{Deserialize, Serialize};

/// One thing found in a payout group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Whether the group must not be paid like this.
    pub severity: Severity,
    /// One English sentence.
    pub message: String,
    /// The same in Korean. 한국어 문장.
    pub message_ko: String,
    /// The requests concerned, counted from 0 in the order of the group; none where the group as a whole is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<usize>,
    /// The expected requests concerned, counted from 0 in the order of the list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected_rows: Vec<usize>,
}

impl Finding {
    /// A finding about the group as a whole.
    pub(super) fn new(kind: FindingKind, message: String, message_ko: String) -> Self {
        let (rows, expected_rows) = (Vec::new(), Vec::new());
        Self { kind, severity: kind.severity(), message, message_ko, rows, expected_rows }
    }

    /// The same about these requests of the group.
    pub(super) fn with_rows(mut self, rows: Vec<usize>) -> Self {
        self.rows = rows;
        self
    }

    /// The same about these expected requests.
    pub(super) fn with_expected_rows(mut self, expected_rows: Vec<usize>) -> Self {
        self.expected_rows = expected_rows;
        self
    }
}

/// What may be found in a group. The names that users meet are these in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The declared total is not the sum of the requests.
    TotalMismatch,
    /// The declared count is not the number of requests.
    CountMismatch,
    /// A request names another group key than the one asked for.
    ForeignGroupKey,
    /// A request names another partner than the one who asks.
    ForeignPartner,
    /// A request overdraws the transfer limit.
    LimitExceeded,
    /// A request's remaining limit does not fall by its amount.
    LimitSequence,
    /// The same recipient, amount and print content more than once. A notice.
    PossibleDuplicate,
    /// The requests do not add up to the expected total.
    ExpectedTotalMismatch,
    /// There are not as many requests as expected.
    ExpectedCountMismatch,
    /// Expected requests that the group does not have.
    MissingRequest,
    /// Requests that nobody expects.
    UnexpectedRequest,
    /// A request of another amount than expected.
    AmountMismatch,
    /// Requests and expected ones that could as well be matched otherwise. A notice.
    AmbiguousMatch,
    /// Matched requests in which a text differs that both sides give. A notice.
    TextMismatch,
    /// The group's fingerprint is not the expected one.
    ChangedSinceReview,
}

impl FindingKind {
    /// How much a finding of this kind weighs.
    pub fn severity(self) -> Severity {
        match self {
            Self::PossibleDuplicate | Self::AmbiguousMatch | Self::TextMismatch => Severity::Notice,
            _ => Severity::Error,
        }
    }

    /// Whether it comes from a comparison with an [`Expectation`](super::Expectation).
    pub(super) fn is_of_a_comparison(self) -> bool {
        match self {
            Self::TotalMismatch
            | Self::CountMismatch
            | Self::ForeignGroupKey
            | Self::ForeignPartner
            | Self::LimitExceeded
            | Self::LimitSequence
            | Self::PossibleDuplicate => false,
            Self::ExpectedTotalMismatch
            | Self::ExpectedCountMismatch
            | Self::MissingRequest
            | Self::UnexpectedRequest
            | Self::AmountMismatch
            | Self::AmbiguousMatch
            | Self::TextMismatch
            | Self::ChangedSinceReview => true,
        }
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The group contradicts itself, the question or the list.
    Error,
    /// Worth a look; may well be meant.
    Notice,
}
