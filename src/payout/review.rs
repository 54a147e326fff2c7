//! The review of a payout group: does it hold together? The last check before money moves.

use serde::{Deserialize, Serialize};

use super::comparison::{self, ExpectationSummary};
use super::expectation::Expectation;
use super::finding::{Finding, FindingKind, Severity};
use super::fingerprint::Fingerprint;
use super::payment::Payment;
use super::places::sorted_places;
use crate::money::{Limit, Won};

/// What there is to say about a group, by itself and beside what was expected. 검토 결과.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PayoutReview {
    /// `false` exactly when there is a finding of severity `error`.
    pub consistent: bool,
    /// The sum of the requests, in won.
    pub computed_total: Won,
    /// The number of requests.
    pub computed_count: usize,
    /// Everything found, errors and notices.
    pub findings: Vec<Finding>,
    /// What the comparison with `expect` came to, where there was one. 예정 내역과 대조한 결과.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expectation: Option<ExpectationSummary>,
}

impl PayoutReview {
    /// Reviews the requests of a group against what Payple declares beside them.
    pub(crate) fn new(rows: &[Reviewed<'_>], computed_total: Won, total: Won, count: u64) -> Self {
        let mut findings = contradictions(rows, computed_total, total, count);
        findings.extend(find_duplicates(rows));
        let consistent = are_consistent(&findings);
        Self { consistent, computed_total, computed_count: rows.len(), findings, expectation: None }
    }

    /// Compares the group with what is expected. Takes the place of a comparison made before.
    pub(crate) fn compare(
        &mut self,
        expectation: &Expectation,
        payments: &[Payment<'_>],
        fingerprint: Option<Fingerprint>,
    ) {
        let (summary, found) =
            comparison::compare(expectation, payments, self.computed_total, fingerprint);
        self.findings.retain(|finding| !finding.kind.is_of_a_comparison());
        self.findings.extend(found);
        self.expectation = Some(summary);
        self.consistent = are_consistent(&self.findings);
    }
}

/// What a review looks at in a request.
pub(crate) struct Reviewed<'a> {
    pub(crate) is_foreign_partner: bool,
    pub(crate) is_foreign_group: bool,
    pub(crate) payment: Payment<'a>,
    pub(crate) remaining_limit: Limit,
}

/// The errors that a group shows by itself, apart from duplicates.
fn contradictions(
    rows: &[Reviewed<'_>],
    computed_total: Won,
    total: Won,
    count: u64,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let listed = rows.len();
    if total != computed_total {
        findings.push(Finding::new(
            FindingKind::TotalMismatch,
            format!(
                "Payple declares {total} in total, but the requests add up to {computed_total}."
            ),
            format!("페이플이 알린 총액은 {total}이지만 요청 금액의 합은 {computed_total}입니다."),
        ));
    }
    if usize::try_from(count) != Ok(listed) {
        findings.push(Finding::new(
            FindingKind::CountMismatch,
            format!("Payple declares a count of {count}, but lists {listed}."),
            format!("페이플이 알린 건수는 {count}건이지만 목록에는 {listed}건이 있습니다."),
        ));
    }
    let mut add = |kind, rows: Vec<usize>, messages: fn(usize) -> [String; 2]| {
        if !rows.is_empty() {
            let [message, message_ko] = messages(rows.len());
            findings.push(Finding { rows, ..Finding::new(kind, message, message_ko) });
        }
    };
    add(FindingKind::ForeignGroupKey, places(rows, |row| row.is_foreign_group), |n| {
        [
            format!("Another group key than the one asked for is named in {n} of the requests."),
            format!("{n}건이 조회한 그룹 키가 아닌 다른 그룹 키의 요청입니다."),
        ]
    });
    add(FindingKind::ForeignPartner, places(rows, |row| row.is_foreign_partner), |n| {
        [
            format!("Another partner is named in {n} of the requests."),
            format!("{n}건이 다른 파트너의 요청입니다."),
        ]
    });
    let (exceeded, out_of_sequence) = limits(rows);
    add(FindingKind::LimitExceeded, exceeded, |n| {
        [
            format!("The transfer limit is overdrawn by {n} of the requests."),
            format!("{n}건이 지급이체 한도를 초과합니다."),
        ]
    });
    add(FindingKind::LimitSequence, out_of_sequence, |n| {
        [
            format!(
                "At {n} of the requests the remaining limit does not fall by the amount of the request."
            ),
            format!("{n}건에서 잔여 한도가 요청 금액만큼 줄지 않았습니다."),
        ]
    });
    findings
}

fn places(rows: &[Reviewed<'_>], wanted: impl Fn(&Reviewed<'_>) -> bool) -> Vec<usize> {
    rows.iter().enumerate().filter(|(_, row)| wanted(row)).map(|(place, _)| place).collect()
}

fn are_consistent(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// The rows that overdraw the limit, and those whose remaining limit does not follow from the row
/// before.
///
/// `remain_amt` is what is left *after* a request, as the spec's sample shows. The order of the
/// list is documented nowhere: where all of it is right as newest first, it is read so, and no row
/// is out of sequence.
fn limits(rows: &[Reviewed<'_>]) -> (Vec<usize>, Vec<usize>) {
    let left_after = |before: &Reviewed<'_>, row: &Reviewed<'_>| {
        before.remaining_limit.after(row.payment.amount)
    };
    let mut pairs = rows.iter().zip(rows.iter().skip(1));
    let is_newest_first =
        pairs.all(|(row, before)| left_after(before, row) == row.remaining_limit.amount());

    let (mut exceeded, mut out_of_sequence) = (Vec::new(), Vec::new());
    for (index, row) in rows.iter().enumerate() {
        let before = index.checked_sub(1).filter(|_| !is_newest_first).and_then(|at| rows.get(at));
        let left = before.map(|before| left_after(before, row));
        // Below zero is overdrawn; so is more than was left, however Payple then shows the rest.
        if row.remaining_limit.amount() < 0 || left.is_some_and(|left| left < 0) {
            exceeded.push(index);
        } else if left.is_some_and(|left| left != row.remaining_limit.amount()) {
            out_of_sequence.push(index);
        }
    }
    (exceeded, out_of_sequence)
}

/// One notice for each set of two or more rows with the same recipient, amount and print content,
/// in the order in which the sets begin.
fn find_duplicates(rows: &[Reviewed<'_>]) -> Vec<Finding> {
    let key = |place: usize| {
        rows.get(place).map(|Reviewed { payment, .. }| {
            // The amount first: it is compared fastest.
            (payment.amount, payment.billing_tran_id, payment.print_content)
        })
    };
    let order = sorted_places(rows.len(), &|one, other| key(one).cmp(&key(other)));
    let sets: Vec<&[usize]> =
        order.chunk_by(|one, other| key(*one) == key(*other)).filter(|set| set.len() > 1).collect();
    let first = |place: usize| sets.get(place).and_then(|set| set.first());
    let order = sorted_places(sets.len(), &|one, other| first(one).cmp(&first(other)));
    let sets = order.into_iter().filter_map(|place| sets.get(place).map(|set| set.to_vec()));
    let notice = |rows: Vec<usize>| {
        let n = rows.len();
        let message = format!("{n} requests have the same recipient, amount and print content.");
        let message_ko = format!("수취 계좌, 금액, 적요가 같은 요청이 {n}건 있습니다.");
        Finding { rows, ..Finding::new(FindingKind::PossibleDuplicate, message, message_ko) }
    };
    sets.map(notice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(billing_tran_id: &'static str, amount: u64, remaining_limit: i64) -> Reviewed<'static> {
        let (amount, remaining_limit) =
            (Won::new(amount).unwrap(), Limit::new(remaining_limit).unwrap());
        let billing_tran_id = Some(billing_tran_id);
        Reviewed {
            is_foreign_partner: false,
            is_foreign_group: false,
            payment: Payment { amount, billing_tran_id, sub_id: None, print_content: None },
            remaining_limit,
        }
    }

    fn sound() -> Vec<Reviewed<'static>> {
        vec![row("A", 1000, 9000), row("B", 2000, 7000), row("C", 3000, 4000)]
    }

    fn review_as(rows: &[Reviewed<'_>], total: u64, count: u64) -> PayoutReview {
        let sum = rows.iter().map(|r| r.payment.amount.amount()).sum();
        PayoutReview::new(rows, Won::new(sum).unwrap(), Won::new(total).unwrap(), count)
    }

    /// What is found when the declared sums are right.
    fn found(rows: &[Reviewed<'_>]) -> Vec<(FindingKind, Vec<usize>)> {
        let sum = rows.iter().map(|r| r.payment.amount.amount()).sum();
        let review = review_as(rows, sum, rows.len() as u64);
        let errors = review.findings.iter().any(|f| f.severity == Severity::Error);
        assert_eq!(review.consistent, !errors);
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

        assert!(!review.consistent);
        assert_eq!(review.findings.len(), 1);
        assert_eq!(review.findings[0].kind, FindingKind::TotalMismatch);
        assert_eq!(
            review.findings[0].message,
            "Payple declares ₩6,001 in total, but the requests add up to ₩6,000."
        );
    }

    #[test]
    fn a_wrong_count_is_found() {
        let review = review_as(&sound(), 6000, 4);

        assert_eq!(
            review.findings.iter().map(|f| f.kind).collect::<Vec<_>>(),
            [FindingKind::CountMismatch]
        );
        assert!(!review_as(&sound(), 6000, u64::MAX >> 11).consistent);
    }

    #[test]
    fn rows_of_another_group_or_partner_are_found() {
        let mut rows = sound();
        rows[1].is_foreign_group = true;
        assert_eq!(found(&rows), [(FindingKind::ForeignGroupKey, vec![1])]);

        let mut rows = sound();
        rows[2].is_foreign_partner = true;
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
        assert!(review_as(&rows, 5000, 5).consistent);
    }

    #[test]
    fn many_alike_are_told_apart() {
        let rows: Vec<_> = (0..1_000).map(|index| row("A", 1 + index % 300, 0)).collect();
        let sets: Vec<Vec<usize>> =
            find_duplicates(&rows).into_iter().map(|finding| finding.rows).collect();

        assert_eq!(sets.len(), 300);
        assert!(sets.iter().enumerate().all(|(first, set)| {
            set.iter().enumerate().all(|(nth, index)| *index == first + 300 * nth)
        }));
        assert_eq!(sets.iter().map(Vec::len).sum::<usize>(), 1_000);
    }

    #[test]
    fn another_amount_or_print_content_is_no_duplicate() {
        let mut rows = [row("A", 1000, 9000), row("A", 1001, 7999), row("A", 1000, 6999)];
        rows[2].payment.print_content = Some("다른 적요");

        assert_eq!(found(&rows), []);
    }
}
