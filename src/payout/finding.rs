//! One thing that a review or a comparison found, in English and Korean.

use serde::{Deserialize, Serialize};

/// One thing found in a payout group. 검토에서 발견한 사항 하나.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Whether the group must not be paid like this (`error`), or is worth a look (`notice`).
    pub severity: Severity,
    /// One sentence in English.
    pub message: String,
    /// The same in Korean. 한국어 안내.
    pub message_ko: String,
    /// The requests concerned, as indexes into `requests`; absent where the group as a whole is
    /// meant. 해당 요청의 순번(0부터).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub rows: Vec<usize>,
    /// The expected requests concerned, as indexes into `expect.requests`. 예정 목록의 해당 순번(0부터).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub expected_rows: Vec<usize>,
}

impl Finding {
    /// A finding about the group as a whole.
    pub(super) fn new(kind: FindingKind, message: String, message_ko: String) -> Self {
        let (rows, expected_rows) = (Vec::new(), Vec::new());
        Self { kind, severity: kind.severity(), message, message_ko, rows, expected_rows }
    }
}

/// What may be found in a group. 발견 사항의 종류.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FindingKind {
    /// The declared total is not the sum of the requests. 총액 불일치.
    TotalMismatch,
    /// The declared count is not the number of requests. 건수 불일치.
    CountMismatch,
    /// A request names another group key than the one asked for. 다른 그룹 키.
    ForeignGroupKey,
    /// A request names another partner than the one who asks. 다른 파트너사.
    ForeignPartner,
    /// A request overdraws the transfer limit. 한도 초과.
    LimitExceeded,
    /// A request's remaining limit does not fall by its amount. 한도 차감 불일치.
    LimitSequence,
    /// Notice: the same recipient, amount and print content more than once. 중복 의심.
    PossibleDuplicate,
    /// The requests do not add up to the expected total. 예정 총액과 다름.
    ExpectedTotalMismatch,
    /// There are not as many requests as expected. 예정 건수와 다름.
    ExpectedCountMismatch,
    /// Expected requests that the group does not have, all in one finding: `expectedRows`. 누락.
    MissingRequest,
    /// Requests that are not expected, all in one finding: `rows`. 예정에 없음.
    UnexpectedRequest,
    /// A request of another amount than expected, one finding each: one of `rows`, one of
    /// `expectedRows`. 금액 다름.
    AmountMismatch,
    /// Notice: these could as well be matched otherwise; the other findings show one way. 대조 불확실.
    AmbiguousMatch,
    /// Notice: matched, but a text differs that both sides give. 적요 등 다른 항목 불일치.
    TextMismatch,
    /// The group's fingerprint is not the expected one. 검토 후 내용이 바뀜.
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The group contradicts itself, the question or the list.
    Error,
    /// Worth a look; may well be meant.
    Notice,
}
