//! The review of a payout group: does it hold together? The last check before money moves.

use std::fmt;

use serde::Serialize;

use super::comparison::{self, ExpectationSummary};
use super::expectation::Expectation;
use super::matching::{Index, Line, Lists, mix};
use super::requests::GroupKey;
use super::texts;
use crate::won::{Limit, Won};

/// What there is to say about a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PayoutReview {
    consistent: bool,
    computed_total: Won,
    computed_count: usize,
    findings: Vec<Finding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expectation: Option<ExpectationSummary>,
}

impl PayoutReview {
    /// Whether there is no finding of severity [`Severity::Error`].
    pub fn consistent(&self) -> bool {
        self.consistent
    }

    /// The sum of the rows.
    pub fn computed_total(&self) -> Won {
        self.computed_total
    }

    /// The number of rows.
    pub fn computed_count(&self) -> usize {
        self.computed_count
    }

    /// Everything found, errors and notices.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What the comparison with an expectation came to, where there was one.
    pub fn expectation(&self) -> Option<ExpectationSummary> {
        self.expectation
    }

    /// Compares the rows with what is expected; `lists` are both, where requests are. Takes the place of a comparison before.
    pub(super) fn compare(&mut self, expectation: &Expectation, lists: Option<&Lists<'_>>) {
        let (summary, found) =
            comparison::compare(expectation, lists, self.computed_count, self.computed_total);
        self.findings.retain(|finding| !finding.kind.is_of_a_comparison());
        self.findings.extend(found);
        self.expectation = Some(summary);
        self.consistent = are_consistent(&self.findings);
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// What it is.
    pub kind: FindingKind,
    /// Whether the group must not be paid like this.
    pub severity: Severity,
    /// In English.
    pub message: String,
    /// 한국어.
    pub message_ko: String,
    /// The rows concerned, counted from 0 in the order of the group; none where the group as a whole is meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<usize>,
    /// The expected requests concerned, counted from 0 in the order of the list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub expected_rows: Vec<usize>,
}

/// Adds a finding, in both languages. One place for all of them: each other one is as much WebAssembly again.
#[inline(never)]
pub(super) fn add(
    findings: &mut Vec<Finding>,
    kind: FindingKind,
    [message, message_ko]: [fmt::Arguments<'_>; 2],
    rows: Vec<usize>,
    expected_rows: Vec<usize>,
) {
    let (message, message_ko) = (message.to_string(), message_ko.to_string());
    findings.push(Finding {
        kind,
        severity: kind.severity(),
        message,
        message_ko,
        rows,
        expected_rows,
    });
}

/// What may be found in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The declared total is not the sum of the rows.
    TotalMismatch,
    /// The declared count is not the number of rows.
    CountMismatch,
    /// A row names another group key than the one asked for.
    ForeignGroupKey,
    /// A row names another partner than the one who asks.
    ForeignPartner,
    /// A row overdraws the transfer limit.
    LimitExceeded,
    /// A row's remaining limit does not fall by its amount.
    LimitSequence,
    /// The same recipient, amount and print content more than once.
    PossibleDuplicate,
    /// The rows do not add up to the expected total.
    ExpectedTotalMismatch,
    /// There are not as many rows as expected.
    ExpectedCountMismatch,
    /// Expected requests that the group does not have.
    MissingRequest,
    /// Rows that nobody expects.
    UnexpectedRequest,
    /// A row of another amount than expected.
    AmountMismatch,
    /// Rows and expected requests that could as well be matched otherwise.
    AmbiguousMatch,
}

impl FindingKind {
    fn severity(self) -> Severity {
        if matches!(self, Self::PossibleDuplicate | Self::AmbiguousMatch) {
            Severity::Notice
        } else {
            Severity::Error
        }
    }

    fn is_of_a_comparison(self) -> bool {
        use FindingKind::{
            AmbiguousMatch, AmountMismatch, ExpectedCountMismatch, ExpectedTotalMismatch,
            MissingRequest, UnexpectedRequest,
        };
        matches!(
            self,
            ExpectedTotalMismatch
                | ExpectedCountMismatch
                | MissingRequest
                | UnexpectedRequest
                | AmountMismatch
                | AmbiguousMatch
        )
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The group contradicts itself or the question.
    Error,
    /// Worth a look; may well be meant.
    Notice,
}

/// What a review looks at in a request.
#[derive(Clone, Copy)]
pub(super) struct Reviewed<'a> {
    pub(super) cst_id: &'a str,
    pub(super) group_key: &'a str,
    pub(super) line: Line<'a>,
    pub(super) remaining_limit: Limit,
}

/// Reviews the rows of a group against what Payple declares and what was asked, by whom as far as known.
pub(super) fn review(
    rows: &[Reviewed<'_>],
    computed_total: Won,
    total: Won,
    count: u64,
    asked: &GroupKey,
    cst_id: Option<&str>,
) -> PayoutReview {
    let mut findings = Vec::new();
    let mut error = |kind, messages: [fmt::Arguments<'_>; 2], rows: Vec<usize>| {
        add(&mut findings, kind, messages, rows, Vec::new())
    };
    let where_row = |wrong: &dyn Fn(&Reviewed<'_>) -> bool| -> Vec<usize> {
        rows.iter().enumerate().filter(|(_, row)| wrong(row)).map(|(index, _)| index).collect()
    };

    if total != computed_total {
        error(
            FindingKind::TotalMismatch,
            [
                format_args!(
                    "Payple declares {total} in total, but the requests add up to {computed_total}."
                ),
                format_args!(
                    "페이플이 알린 총액은 {total}이지만 요청 금액의 합은 {computed_total}입니다."
                ),
            ],
            Vec::new(),
        );
    }
    if usize::try_from(count) != Ok(rows.len()) {
        let listed = rows.len();
        error(
            FindingKind::CountMismatch,
            [
                format_args!("Payple declares {count} requests, but lists {listed}."),
                format_args!(
                    "페이플이 알린 건수는 {count}건이지만 목록에는 {listed}건이 있습니다."
                ),
            ],
            Vec::new(),
        );
    }
    let foreign = where_row(&|row| row.group_key != asked.as_str());
    if !foreign.is_empty() {
        let n = foreign.len();
        error(
            FindingKind::ForeignGroupKey,
            [
                format_args!(
                    "{n} of the requests belong to another group key than the one asked for."
                ),
                format_args!("{n}건이 조회한 그룹 키가 아닌 다른 그룹 키의 요청입니다."),
            ],
            foreign,
        );
    }
    let foreign = where_row(&|row| cst_id.is_some_and(|cst_id| row.cst_id != cst_id));
    if !foreign.is_empty() {
        let n = foreign.len();
        error(
            FindingKind::ForeignPartner,
            [
                format_args!("{n} of the requests belong to another partner."),
                format_args!("{n}건이 다른 파트너의 요청입니다."),
            ],
            foreign,
        );
    }
    let (exceeded, out_of_sequence) = limits(rows);
    if !exceeded.is_empty() {
        let n = exceeded.len();
        error(
            FindingKind::LimitExceeded,
            [
                format_args!("{n} of the requests overdraw the transfer limit."),
                format_args!("{n}건이 지급이체 한도를 초과합니다."),
            ],
            exceeded,
        );
    }
    if !out_of_sequence.is_empty() {
        let n = out_of_sequence.len();
        error(
            FindingKind::LimitSequence,
            [
                format_args!(
                    "At {n} of the requests the remaining limit does not fall by the amount of the request."
                ),
                format_args!("{n}건에서 한도 잔여금액이 요청 금액만큼 줄지 않았습니다."),
            ],
            out_of_sequence,
        );
    }
    add_duplicates(&mut findings, rows);

    PayoutReview {
        consistent: are_consistent(&findings),
        computed_total,
        computed_count: rows.len(),
        findings,
        expectation: None,
    }
}

fn are_consistent(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// The rows that overdraw the limit, and those whose remaining limit does not follow from the row before.
///
/// `remain_amt` is what is left *after* a request, as the spec's sample shows. The order of the list is documented
/// nowhere: newest first is as good, and is taken where oldest first does not fit.
fn limits(rows: &[Reviewed<'_>]) -> (Vec<usize>, Vec<usize>) {
    let follows = |before: &Reviewed<'_>, after: &Reviewed<'_>| {
        before.remaining_limit.after(after.line.amount) == after.remaining_limit.amount()
    };
    let pairs = || rows.iter().zip(rows.iter().skip(1));
    let oldest_first = pairs().all(|(a, b)| follows(a, b));
    let newest_first = !oldest_first && pairs().all(|(a, b)| follows(b, a));
    let before = |index: usize| {
        if newest_first { index.checked_add(1) } else { index.checked_sub(1) }
    };

    let (mut exceeded, mut out_of_sequence) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate() {
        let left = before(index)
            .and_then(|at| rows.get(at))
            .map(|before| before.remaining_limit.after(row.line.amount));
        // Below zero is overdrawn; so is more than was left, however Payple then shows the rest.
        if row.remaining_limit.amount() < 0 || left.is_some_and(|left| left < 0) {
            exceeded.push(index);
        } else if left.is_some_and(|left| left != row.remaining_limit.amount()) {
            out_of_sequence.push(index);
        }
    }
    (exceeded, out_of_sequence)
}

/// Adds one notice per set of rows that agree in recipient, amount and print content.
fn add_duplicates(findings: &mut Vec<Finding>, rows: &[Reviewed<'_>]) {
    for set in alike(rows) {
        let n = set.len();
        let messages = [
            format_args!("{n} requests have the same recipient, amount and print content."),
            format_args!("수취 계좌, 금액, 적요가 같은 요청이 {n}건 있습니다."),
        ];
        add(findings, FindingKind::PossibleDuplicate, messages, set, Vec::new());
    }
}

/// The sets of two or more rows with the same recipient, amount and print content, in the order in which each set begins.
fn alike(rows: &[Reviewed<'_>]) -> Vec<Vec<usize>> {
    let mut index = Index::with_room_for(rows.len());
    // The first of each set.
    let mut firsts = Vec::with_capacity(rows.len());
    let mut sets: Vec<Vec<usize>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let is_it = |place: usize| {
            firsts
                .get(place)
                .and_then(|first| rows.get(*first))
                .is_some_and(|first| are_alike(first, row))
        };
        let place = index.put(hash(row), &mut { is_it });
        match firsts.get(place).copied() {
            None => firsts.push(at),
            Some(first) => {
                sets.resize(sets.len().max(place.saturating_add(1)), Vec::new());
                if let Some(set) = sets.get_mut(place) {
                    if set.is_empty() {
                        set.push(first);
                    }
                    set.push(at);
                }
            }
        }
    }
    sets.retain(|set| !set.is_empty());
    sets
}

fn are_alike(a: &Reviewed<'_>, b: &Reviewed<'_>) -> bool {
    let ([a_recipient, _, a_content], [b_recipient, _, b_content]) = (a.line.texts, b.line.texts);
    a.line.amount == b.line.amount && a_recipient == b_recipient && a_content == b_content
}

/// The same for those that are alike.
fn hash(row: &Reviewed<'_>) -> u64 {
    let [recipient, _, print_content] = row.line.texts.map(Option::unwrap_or_default);
    mix(mix(row.line.amount.amount(), texts::hash(recipient)), texts::hash(print_content))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(billing_tran_id: &'static str, amount: u64, remaining_limit: i64) -> Reviewed<'static> {
        let (amount, remaining_limit) =
            (Won::new(amount).unwrap(), Limit::new(remaining_limit).unwrap());
        Reviewed {
            cst_id: "test",
            group_key: "G",
            line: Line { amount, texts: [Some(billing_tran_id), None, None] },
            remaining_limit,
        }
    }

    fn sound() -> Vec<Reviewed<'static>> {
        vec![row("A", 1000, 9000), row("B", 2000, 7000), row("C", 3000, 4000)]
    }

    fn review_as(rows: &[Reviewed<'_>], total: u64, count: u64) -> PayoutReview {
        let sum = rows.iter().map(|r| r.line.amount.amount()).sum();
        review(
            rows,
            Won::new(sum).unwrap(),
            Won::new(total).unwrap(),
            count,
            &GroupKey::new("G").unwrap(),
            Some("test"),
        )
    }

    /// What is found when the declared sums are right.
    fn found(rows: &[Reviewed<'_>]) -> Vec<(FindingKind, Vec<usize>)> {
        let sum = rows.iter().map(|r| r.line.amount.amount()).sum();
        let review = review_as(rows, sum, rows.len() as u64);
        let errors = review.findings().iter().any(|f| f.severity == Severity::Error);
        assert_eq!(review.consistent(), !errors);
        review.findings.into_iter().map(|f| (f.kind, f.rows)).collect()
    }

    #[test]
    fn a_sound_group_has_no_findings() {
        assert_eq!(found(&sound()), []);
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn a_wrong_total_is_found() {
        let review = review_as(&sound(), 6001, 3);

        assert!(!review.consistent());
        assert_eq!(review.findings().len(), 1);
        assert_eq!(review.findings()[0].kind, FindingKind::TotalMismatch);
        assert_eq!(
            review.findings()[0].message,
            "Payple declares ₩6,001 in total, but the requests add up to ₩6,000."
        );
    }

    #[test]
    fn a_wrong_count_is_found() {
        let review = review_as(&sound(), 6000, 4);

        assert_eq!(
            review.findings().iter().map(|f| f.kind).collect::<Vec<_>>(),
            [FindingKind::CountMismatch]
        );
        assert!(!review_as(&sound(), 6000, u64::MAX >> 11).consistent());
    }

    #[test]
    fn rows_of_another_group_or_partner_are_found() {
        let mut rows = sound();
        rows[1].group_key = "H";
        assert_eq!(found(&rows), [(FindingKind::ForeignGroupKey, vec![1])]);

        let mut rows = sound();
        rows[2].cst_id = "other";
        assert_eq!(found(&rows), [(FindingKind::ForeignPartner, vec![2])]);
    }

    #[test]
    fn an_overdrawn_limit_is_found_and_not_told_twice() {
        assert_eq!(
            found(&[row("A", 1000, 500), row("B", 1000, -500)]),
            [(FindingKind::LimitExceeded, vec![1])]
        );
        assert_eq!(
            found(&[row("A", 1000, 500), row("B", 1000, 0)]),
            [(FindingKind::LimitExceeded, vec![1])]
        );
        assert_eq!(found(&[row("A", 1000, -1)]), [(FindingKind::LimitExceeded, vec![0])]);
    }

    #[test]
    fn a_limit_spent_to_the_last_won_is_fine() {
        assert_eq!(found(&[row("A", 1000, 500), row("B", 500, 0)]), []);
    }

    #[test]
    fn a_limit_that_does_not_fall_by_the_amount_is_found() {
        let mut rows = sound();
        rows[2].remaining_limit = Limit::new(3999).unwrap();
        assert_eq!(found(&rows), [(FindingKind::LimitSequence, vec![2])]);

        rows[2].remaining_limit = Limit::new(9000).unwrap();
        assert_eq!(found(&rows), [(FindingKind::LimitSequence, vec![2])]);
    }

    #[test]
    fn newest_first_is_an_order_too() {
        let mut rows = sound();
        rows.reverse();

        assert_eq!(found(&rows), []);
    }

    #[test]
    fn newest_first_is_not_taken_for_an_overdrawn_limit() {
        assert_eq!(found(&[row("A", 100, 0), row("B", 500, 100), row("C", 400, 600)]), []);
    }

    #[test]
    fn equal_requests_are_noticed_but_no_error() {
        let rows = [
            row("A", 1000, 9000),
            row("B", 1000, 8000),
            row("A", 1000, 7000),
            row("B", 1000, 6000),
            row("A", 1000, 5000),
        ];

        assert_eq!(
            found(&rows),
            [
                (FindingKind::PossibleDuplicate, vec![0, 2, 4]),
                (FindingKind::PossibleDuplicate, vec![1, 3])
            ]
        );
        assert!(review_as(&rows, 5000, 5).consistent());
    }

    #[test]
    fn many_alike_are_told_apart() {
        let rows: Vec<_> = (0..1_000).map(|index| row("A", 1 + index % 300, 0)).collect();
        let sets = alike(&rows);

        assert_eq!(sets.len(), 300);
        assert!(sets.iter().enumerate().all(|(first, set)| {
            set.iter().enumerate().all(|(nth, index)| *index == first + 300 * nth)
        }));
        assert_eq!(sets.iter().map(Vec::len).sum::<usize>(), 1_000);
    }

    #[test]
    fn rows_that_only_share_a_hash_are_no_duplicates() {
        let rows: Vec<_> = (1..=200_000).map(|amount| row("A", amount, 0)).collect();
        let (mut index, mut shared) = (Index::default(), 0);
        for row in &rows {
            index.put(hash(row), &mut |_| {
                shared += 1;
                false
            });
            assert!(shared < 100, "too many share one");
        }

        assert!(shared > 0, "none shares one");
        assert!(alike(&rows).is_empty());
    }

    #[test]
    fn another_amount_or_print_content_is_no_duplicate() {
        let mut rows = [row("A", 1000, 9000), row("A", 1001, 7999), row("A", 1000, 6999)];
        rows[2].line.texts[2] = Some("다른 적요");

        assert_eq!(found(&rows), []);
    }
}
