//! How a group differs from what a company means to pay: the summary and the findings of a
//! comparison.
//!
//! Which line is which request says [`super::matching`]; here is what is told of it.

use serde::{Deserialize, Serialize};

use super::expectation::{Expectation, ExpectedRequest, MatchBy};
use super::finding::{Finding, FindingKind};
use super::fingerprint::Fingerprint;
use super::matching::{Candidates, Matching, Placed};
use super::payment::Payment;
use crate::money::Won;

/// How many requests of your list and of the group go together, and what they add up to in won. All
/// 0 without a list. 예정 목록과 그룹을 대조한 건수와 금액(원).
///
/// `matched`, `different` and `missing` make up your list; `matched`, `different` and `unexpected`
/// make up the group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ExpectationSummary {
    /// The key that the whole list was matched by; absent without a list. 대조 기준.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matched_by: Option<MatchBy>,
    /// As expected. 일치.
    pub matched: usize,
    /// Expected, but not in the group. 누락.
    pub missing: usize,
    /// In the group, but not expected. 예정에 없음.
    pub unexpected: usize,
    /// Of another amount than expected. 금액 다름.
    pub different: usize,
    /// Key values under which it is open what goes with what: as many as findings
    /// `ambiguous_match`. 대조 불확실.
    pub ambiguous: usize,
    /// What the matched requests add up to, in won.
    pub matched_total: Won,
    /// What the missing requests add up to, in won.
    pub missing_total: Won,
    /// What the unexpected requests add up to, in won.
    pub unexpected_total: Won,
    /// What the requests of other amounts add up to in the group, in won.
    pub different_total: Won,
    /// What they should add up to, in won.
    pub different_expected_total: Won,
}

/// Compares a group's payments with what is expected. `fingerprint` is the group's, where it is
/// known.
pub(super) fn compare(
    expectation: &Expectation,
    rows: &[Payment<'_>],
    computed_total: Won,
    fingerprint: Option<Fingerprint>,
) -> (ExpectationSummary, Vec<Finding>) {
    let mut findings = Vec::new();
    if expectation.fingerprint().is_some_and(|expected| fingerprint != Some(expected)) {
        findings.push(Finding::new(
            FindingKind::ChangedSinceReview,
            "The group is not the one that was reviewed: its fingerprint differs.".to_owned(),
            "검토한 그룹과 내용이 다릅니다(검증값 불일치).".to_owned(),
        ));
    }
    if let Some(total) = expectation.total().filter(|total| *total != computed_total) {
        findings.push(Finding::new(
            FindingKind::ExpectedTotalMismatch,
            format!("{total} is expected in total, but the requests add up to {computed_total}."),
            format!("예정 총액은 {total}이지만 요청 금액의 합은 {computed_total}입니다."),
        ));
    }
    let listed = rows.len();
    if let Some(count) = expectation.count().filter(|count| usize::try_from(*count) != Ok(listed)) {
        findings.push(Finding::new(
            FindingKind::ExpectedCountMismatch,
            format!("The expected number of requests is {count}, but the group has {listed}."),
            format!("예정 건수는 {count}건이지만 그룹에는 {listed}건이 있습니다."),
        ));
    }
    let mut summary = ExpectationSummary::default();
    if let (Some(requests), Some(key)) = (expectation.requests(), expectation.matched_by()) {
        let lines: Vec<Payment<'_>> = requests.iter().map(ExpectedRequest::payment).collect();
        let (of_the_list, differences) = compare_list(&Matching::new(&lines, rows, key), key);
        summary = of_the_list;
        findings.extend(differences);
    }
    (summary, findings)
}

/// What there is to tell of a list whose lines have been matched by this key.
fn compare_list(matching: &Matching<'_>, key: MatchBy) -> (ExpectationSummary, Vec<Finding>) {
    let (missing, unexpected) = (matching.missing(), matching.unexpected());
    let (matched, different): (Vec<_>, Vec<_>) =
        matching.pairs().partition(|((_, line), (_, row))| line.amount == row.amount);
    let summary = ExpectationSummary {
        matched_by: Some(key),
        matched: matched.len(),
        missing: missing.len(),
        unexpected: unexpected.len(),
        different: different.len(),
        ambiguous: matching.ambiguous.len(),
        matched_total: total(matched.iter().map(|(line, _)| line)),
        missing_total: total(missing.iter()),
        unexpected_total: total(unexpected.iter()),
        different_total: total(different.iter().map(|(_, row)| row)),
        different_expected_total: total(different.iter().map(|(line, _)| line)),
    };

    let mut findings = Vec::new();
    if !missing.is_empty() {
        let (n, total) = (summary.missing, summary.missing_total);
        let message = format!("The group lacks {n} of the expected requests, {total} in total.");
        let message_ko = format!("예정된 요청 중 {n}건, 합계 {total}이 그룹에 없습니다.");
        let finding = Finding::new(FindingKind::MissingRequest, message, message_ko);
        findings.push(Finding { expected_rows: places(&missing), ..finding });
    }
    if !unexpected.is_empty() {
        let (n, total) = (summary.unexpected, summary.unexpected_total);
        let message = format!("The list does not have {n} of the requests, {total} in total.");
        let message_ko = format!("예정에 없는 요청이 {n}건, 합계 {total} 있습니다.");
        let finding = Finding::new(FindingKind::UnexpectedRequest, message, message_ko);
        findings.push(Finding { rows: places(&unexpected), ..finding });
    }
    for ((line, expected), (row, found)) in different {
        let (expected, found) = (expected.amount, found.amount);
        let message = format!("{expected} is expected, but the request is for {found}.");
        let message_ko = format!("예정 금액은 {expected}이지만 요청 금액은 {found}입니다.");
        let finding = Finding::new(FindingKind::AmountMismatch, message, message_ko);
        findings.push(Finding { rows: vec![row], expected_rows: vec![line], ..finding });
    }
    let (lines, rows): (Vec<_>, Vec<_>) =
        matched.into_iter().filter(|(line, row)| have_other_texts(line.1, row.1)).unzip();
    if !rows.is_empty() {
        let n = rows.len();
        let message =
            format!("In {n} of the matched requests a text is not the one that the list gives.");
        let message_ko = format!("대조된 요청 {n}건은 목록과 다른 내용(적요 등)이 있습니다.");
        let finding = Finding::new(FindingKind::TextMismatch, message, message_ko);
        findings.push(Finding { rows: places(&rows), expected_rows: places(&lines), ..finding });
    }
    for Candidates { lines, rows } in &matching.ambiguous {
        let (n, m) = (rows.len(), lines.len());
        let message = format!(
            "There are several ways to match {n} of the requests with {m} of the expected ones; this is one of them."
        );
        let message_ko = format!(
            "요청 {n}건과 예정 {m}건은 조건이 같은 후보가 여러 건이라 서로 짝을 확정할 수 없습니다."
        );
        let finding = Finding::new(FindingKind::AmbiguousMatch, message, message_ko);
        findings.push(Finding { rows: rows.clone(), expected_rows: lines.clone(), ..finding });
    }
    (summary, findings)
}

/// Whether a text differs that both give.
fn have_other_texts(line: &Payment<'_>, row: &Payment<'_>) -> bool {
    let mut texts = line.texts().into_iter().zip(row.texts());
    texts.any(|texts| matches!(texts, (Some(line), Some(row)) if line != row))
}

/// What these payments add up to: part of a sum that is known to be exact.
fn total<'a>(payments: impl Iterator<Item = &'a Placed<'a>>) -> Won {
    payments.fold(Won::ZERO, |sum, (_, payment)| sum.checked_add(payment.amount).unwrap_or(sum))
}

fn places(payments: &[Placed<'_>]) -> Vec<usize> {
    payments.iter().map(|(place, _)| *place).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::finding::Severity;
    use super::super::matching::{Texts, only_given};
    use super::*;
    use crate::api::read_expectation;

    /// A row of the group.
    fn row(recipient: &'static str, amount: u64) -> Payment<'static> {
        row_with([Some(recipient), None, None], amount)
    }

    fn row_with(texts: [Option<&'static str>; 3], amount: u64) -> Payment<'static> {
        let [billing_tran_id, sub_id, print_content] = texts;
        Payment { amount: won(amount), billing_tran_id, sub_id, print_content }
    }

    fn compared(json: &str, rows: &[Payment<'_>]) -> (ExpectationSummary, Vec<Finding>) {
        let total = rows.iter().map(|row| row.amount.amount()).sum();
        let expectation = read_expectation(json.as_bytes()).unwrap();
        compare(&expectation, rows, won(total), None)
    }

    /// ErrorKind, rows and expected rows of each finding.
    fn found(json: &str, rows: &[Payment<'_>]) -> Vec<(FindingKind, Vec<usize>, Vec<usize>)> {
        compared(json, rows)
            .1
            .into_iter()
            .map(|finding| (finding.kind, finding.rows, finding.expected_rows))
            .collect()
    }

    fn won(amount: u64) -> Won {
        Won::new(amount).unwrap()
    }

    #[test]
    fn sums_alone_can_be_expected() {
        let rows = [row("A", 1000), row("B", 2000)];

        assert_eq!(
            compared(r#"{"total":3000,"count":2}"#, &rows),
            (ExpectationSummary::default(), vec![])
        );
        let (summary, findings) = compared(r#"{"total":3001,"count":3}"#, &rows);
        assert_eq!(summary, ExpectationSummary::default());
        assert_eq!(
            findings
                .iter()
                .map(|finding| (
                    finding.kind,
                    finding.message.as_str(),
                    finding.message_ko.as_str()
                ))
                .collect::<Vec<_>>(),
            [
                (
                    FindingKind::ExpectedTotalMismatch,
                    "₩3,001 is expected in total, but the requests add up to ₩3,000.",
                    "예정 총액은 ₩3,001이지만 요청 금액의 합은 ₩3,000입니다."
                ),
                (
                    FindingKind::ExpectedCountMismatch,
                    "The expected number of requests is 3, but the group has 2.",
                    "예정 건수는 3건이지만 그룹에는 2건이 있습니다."
                ),
            ]
        );
    }

    #[test]
    fn a_list_speaks_for_itself_without_its_sum_and_count() {
        assert_eq!(
            found(r#"{"requests":[]}"#, &[row("A", 1000)]),
            [(FindingKind::UnexpectedRequest, vec![0], vec![])],
            "an empty list expects nothing"
        );
        assert_eq!(
            found(r#"{"requests":[{"billingTranId":"A","amount":1000}]}"#, &[]),
            [(FindingKind::MissingRequest, vec![], vec![0])]
        );
    }

    #[test]
    fn every_difference_is_told_with_its_rows_and_sums() {
        let rows = [row("A", 1000), row("B", 2500), row("D", 4000), row("A", 1000)];
        let (summary, findings) = compared(
            r#"{"requests":[{"billingTranId":"C","amount":3000},{"billingTranId":"B","amount":2000},{"billingTranId":"A","amount":1000}]}"#,
            &rows,
        );

        assert_eq!(
            summary,
            ExpectationSummary {
                matched_by: Some(MatchBy::BillingTranId),
                matched: 1,
                missing: 1,
                unexpected: 2,
                different: 1,
                ambiguous: 0,
                matched_total: won(1000),
                missing_total: won(3000),
                unexpected_total: won(5000),
                different_total: won(2500),
                different_expected_total: won(2000),
            }
        );
        let told: Vec<_> = findings
            .iter()
            .map(|f| (f.kind, f.rows.as_slice(), f.expected_rows.as_slice(), f.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (
                    FindingKind::MissingRequest,
                    &[][..],
                    &[0][..],
                    "The group lacks 1 of the expected requests, ₩3,000 in total."
                ),
                (
                    FindingKind::UnexpectedRequest,
                    &[2, 3],
                    &[],
                    "The list does not have 2 of the requests, ₩5,000 in total."
                ),
                (
                    FindingKind::AmountMismatch,
                    &[1],
                    &[1],
                    "₩2,000 is expected, but the request is for ₩2,500."
                ),
            ]
        );
    }

    #[test]
    fn one_recipients_requests_pair_in_the_order_of_the_amounts_where_there_are_as_many() {
        let lines = r#"{"requests":[{"billingTranId":"A","amount":1000},{"billingTranId":"A","amount":1900}]}"#;
        let (summary, findings) = compared(lines, &[row("A", 2000), row("A", 1800)]);

        assert_eq!((summary.different, summary.ambiguous), (2, 0));
        assert_eq!(
            findings.iter().map(|f| (f.rows[0], f.expected_rows[0])).collect::<Vec<_>>(),
            [(1, 0), (0, 1)]
        );
    }

    #[test]
    fn lines_that_give_other_texts_find_the_rows_that_have_these() {
        let lines = r#"{"requests":[
            {"billingTranId":"A","subId":"s","printContent":"p","amount":1000},
            {"billingTranId":"A","subId":"b","amount":1000},
            {"billingTranId":"A","printContent":"q","amount":1000}
        ]}"#;
        let rows = [
            row_with([Some("A"), Some("s"), Some("p")], 1000),
            row_with([Some("A"), Some("b"), Some("r")], 1000),
            row_with([Some("A"), Some("y"), Some("q")], 1000),
        ];

        assert_eq!(found(lines, &rows), []);
    }

    #[test]
    fn where_one_side_has_more_the_nearest_pair_and_all_candidates_are_named() {
        let rows = [row("A", 1100), row("A", 5000), row("A", 9000)];

        assert_eq!(
            found(
                r#"{"requests":[{"billingTranId":"A","amount":8000},{"billingTranId":"A","amount":5000}]}"#,
                &rows
            ),
            [
                (FindingKind::UnexpectedRequest, vec![0], vec![]),
                (FindingKind::AmountMismatch, vec![2], vec![0]),
                (FindingKind::AmbiguousMatch, vec![0, 1, 2], vec![0, 1]),
            ]
        );
    }

    #[test]
    fn what_is_left_on_one_side_alone_is_not_ambiguous() {
        let lines = r#"{"requests":[{"billingTranId":"A","amount":1000}]}"#;

        assert_eq!(
            found(lines, &[row("A", 1000), row("A", 700)]),
            [(FindingKind::UnexpectedRequest, vec![1], vec![])]
        );
    }

    #[test]
    fn by_the_amount_alone_nothing_of_another_amount_is_paired() {
        let lines = r#"{"requests":[{"amount":1000},{"amount":900}]}"#;
        assert_eq!(
            found(lines, &[row("A", 1000), row("A", 901)]),
            [
                (FindingKind::MissingRequest, vec![], vec![1]),
                (FindingKind::UnexpectedRequest, vec![1], vec![]),
            ]
        );
        let asked_for = r#"{"matchBy":"amount","requests":[{"billingTranId":"A","amount":1000},{"billingTranId":"A","amount":900}]}"#;
        let (summary, findings) = compared(asked_for, &[row("B", 900), row("A", 1000)]);
        assert_eq!((summary.matched_by, summary.matched), (Some(MatchBy::Amount), 2));
        assert_eq!(
            findings
                .iter()
                .map(|f| (f.kind, &f.rows[..], &f.expected_rows[..]))
                .collect::<Vec<_>>(),
            [(FindingKind::TextMismatch, &[0][..], &[1][..])]
        );
    }

    #[test]
    fn which_of_several_equal_amounts_was_meant_can_be_open() {
        let nobody_named = r#"{"requests":[{"amount":1000}]}"#;
        assert_eq!(
            found(nobody_named, &[row("B", 1000), row("A", 1000)]),
            [
                (FindingKind::UnexpectedRequest, vec![0], vec![]),
                (FindingKind::AmbiguousMatch, vec![0, 1], vec![0])
            ]
        );
        let (_, findings) = compared(nobody_named, &[row("B", 1000), row("A", 1000)]);
        assert!(findings.last().is_some_and(|finding| finding.severity == Severity::Notice));
    }

    #[test]
    fn equal_requests_are_not_ambiguous() {
        let rows = [row("A", 1000), row("A", 1000), row("A", 1000)];

        let (_, findings) =
            compared(r#"{"requests":[{"billingTranId":"A","amount":1000}]}"#, &rows);
        assert_eq!(
            findings.iter().map(|f| (f.kind, f.rows.len())).collect::<Vec<_>>(),
            [(FindingKind::UnexpectedRequest, 2)]
        );
    }

    #[test]
    fn among_equal_amounts_those_that_agree_in_more_go_first() {
        let rows = [
            row_with([Some("A"), None, Some("march")], 1000),
            row_with([Some("A"), None, Some("april")], 1000),
        ];
        let lines = r#"{"requests":[{"billingTranId":"A","printContent":"april","amount":1000},{"billingTranId":"A","printContent":"march","amount":1000}]}"#;
        assert_eq!(found(lines, &rows), []);

        let one = r#"{"requests":[{"billingTranId":"A","printContent":"april","amount":1000}]}"#;
        assert_eq!(found(one, &rows), [(FindingKind::UnexpectedRequest, vec![0], vec![])]);
    }

    #[test]
    fn a_text_that_both_give_and_that_differs_is_a_notice() {
        let rows = [
            row_with([Some("A"), Some("s"), Some("march")], 1000),
            row_with([Some("B"), None, None], 2000),
        ];
        let lines = r#"{"requests":[{"billingTranId":"B","subId":"t","printContent":"march","amount":2000},
            {"billingTranId":"A","printContent":"april","amount":1000}]}"#;
        let (summary, findings) = compared(lines, &rows);

        assert_eq!((summary.matched, findings.len()), (2, 1));
        let finding = &findings[0];
        assert_eq!(
            (finding.kind, finding.severity, &finding.rows[..], &finding.expected_rows[..]),
            (FindingKind::TextMismatch, Severity::Notice, &[0][..], &[1][..]),
            "a text that only the list gives is no contradiction"
        );
    }

    #[test]
    fn a_row_without_the_key_is_unexpected() {
        let lines = r#"{"requests":[{"subId":"s","amount":1000}]}"#;
        assert_eq!(
            found(lines, &[row("A", 1000), row_with([Some("A"), Some("s"), None], 1000)]),
            [(FindingKind::UnexpectedRequest, vec![0], vec![])]
        );
    }

    #[test]
    fn a_changed_group_is_told_first() {
        let fingerprint = format!("v1:{}", "0".repeat(64));
        let json = format!(r#"{{"total":2,"fingerprint":"{fingerprint}"}}"#);
        let kinds: Vec<_> = found(&json, &[]).into_iter().map(|(kind, ..)| kind).collect();
        assert_eq!(kinds, [FindingKind::ChangedSinceReview, FindingKind::ExpectedTotalMismatch]);
    }

    #[test]
    fn ten_thousand_of_one_amount_are_no_trouble() {
        let lines: Vec<String> = (0..10_000)
            .map(|i| format!(r#"{{"amount":1000,"billingTranId":"A","printContent":"{}"}}"#, i % 7))
            .collect();
        let rows = vec![row("A", 1000); 10_000];
        let (summary, _) = compared(&format!(r#"{{"requests":[{}]}}"#, lines.join(",")), &rows);

        assert_eq!((summary.matched, summary.missing, summary.unexpected), (10_000, 0, 0));
    }

    /// What a matching came to, whoever is whom: amounts and texts of the missing, the unexpected
    /// and the different.
    type Outcome<'a> = (Vec<Content<'a>>, Vec<Content<'a>>, Vec<(Content<'a>, Content<'a>)>);
    type Content<'a> = (Won, Texts<'a>);

    fn content<'a>(payment: &Payment<'a>) -> Content<'a> {
        (payment.amount, payment.texts())
    }

    fn contents(payments: Vec<Placed<'_>>) -> Vec<Content<'_>> {
        let mut contents: Vec<_> =
            payments.into_iter().map(|(_, payment)| content(payment)).collect();
        contents.sort();
        contents
    }

    /// What the rule makes of those that are left, by trying everything.
    fn outcome<'a>(lines: &[Payment<'a>], rows: &[Payment<'a>]) -> Outcome<'a> {
        let (mut lines, mut rows): (Vec<_>, Vec<_>) =
            (lines.iter().map(content).collect(), rows.iter().map(content).collect());
        let mut different = Vec::new();
        lines.sort();
        rows.sort();
        if lines.len() == rows.len() {
            different = lines.drain(..).zip(rows.drain(..)).collect();
        }
        while !lines.is_empty() && !rows.is_empty() {
            let (_, line, row) = (0..lines.len())
                .flat_map(|line| (0..rows.len()).map(move |row| (line, row)))
                .map(|(line, row)| (lines[line].0.abs_diff(rows[row].0), line, row))
                .min()
                .unwrap();
            different.push((lines.remove(line), rows.remove(row)));
        }
        different.sort();
        (lines, rows, different)
    }

    /// All readings of lines and rows of one key value: which line goes with which row of its
    /// amount, or with none.
    fn readings(lines: &[Payment<'_>], rows: &[Payment<'_>]) -> Vec<Vec<Option<usize>>> {
        let Some((line, lines)) = lines.split_first() else { return vec![vec![]] };
        let others = readings(lines, rows);
        let with = |row: Option<usize>| {
            others
                .iter()
                .filter(move |other| row.is_none() || !other.contains(&row))
                .map(move |other| [&[row], &other[..]].concat())
        };
        let equal = (0..rows.len()).filter(|row| rows[*row].amount == line.amount);
        with(None).chain(equal.flat_map(|row| with(Some(row)))).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            cases: 600,
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        /// The brute-force oracle: of all readings those with most equal amounts, and of these
        /// those that agree most. What is reported is what the rule makes of one of them; and where
        /// they differ in what comes of it, that is said.
        #[test]
        fn of_all_readings_one_with_most_agreement_is_taken_and_differences_between_them_are_told(
            rows in vec((1..4_u64, 0..3_usize, 0..3_usize), 0..6),
            lines in vec((1..4_u64, 0..3_usize, 0..3_usize), 0..6),
            gives in any::<[bool; 2]>(),
        ) {
            let texts = |sub_id: usize, print_content: usize| {
                [
                    Some("A"),
                    [None, Some("s"), Some("t")][sub_id],
                    [None, Some("p"), Some("q")][print_content],
                ]
            };
            let rows: Vec<Payment<'_>> = rows
                .into_iter()
                .map(|(amount, sub_id, print_content)| {
                    row_with(texts(sub_id, print_content), amount)
                })
                .collect();
            let lines: Vec<Payment<'_>> = lines
                .into_iter()
                .map(|(amount, sub_id, print_content)| {
                    // Lines of one list have the same columns.
                    row_with(
                        texts(
                            if gives[0] { sub_id.max(1) } else { 0 },
                            if gives[1] { print_content.max(1) } else { 0 },
                        ),
                        amount,
                    )
                })
                .collect();

            let agrees = |line: &Payment<'_>, row: &Payment<'_>| {
                only_given(row.texts(), line.texts().map(|text| text.is_some())) == line.texts()
            };
            let score = |reading: &Vec<Option<usize>>| {
                let pairs = || {
                    reading
                        .iter()
                        .zip(&lines)
                        .filter_map(|(row, line)| row.map(|row| (line, &rows[row])))
                };
                (pairs().count(), pairs().filter(|(line, row)| agrees(line, row)).count())
            };
            let all = readings(&lines, &rows);
            let best = all.iter().map(score).max().unwrap();
            let mut outcomes: Vec<Outcome<'_>> = all
                .iter()
                .filter(|reading| score(reading) == best)
                .map(|reading| {
                    let left_lines: Vec<_> = lines
                        .iter()
                        .zip(reading)
                        .filter(|(_, row)| row.is_none())
                        .map(|(line, _)| *line)
                        .collect();
                    let left_rows: Vec<_> = rows
                        .iter()
                        .enumerate()
                        .filter(|(row, _)| !reading.contains(&Some(*row)))
                        .map(|(_, row)| *row)
                        .collect();
                    outcome(&left_lines, &left_rows)
                })
                .collect();
            outcomes.sort();
            outcomes.dedup();

            let matching = Matching::new(&lines, &rows, MatchBy::BillingTranId);
            let (matched, different): (Vec<_>, Vec<_>) =
                matching.pairs().partition(|((_, line), (_, row))| line.amount == row.amount);
            let mut different: Vec<_> = different
                .into_iter()
                .map(|((_, line), (_, row))| (content(line), content(row)))
                .collect();
            different.sort();
            let (missing, unexpected) = (matching.missing(), matching.unexpected());
            let reported = (contents(missing), contents(unexpected), different);
            prop_assert_eq!(matched.len(), best.0);
            let amounts_of = |outcome: &Outcome<'_>| {
                (
                    outcome.0.iter().map(|c| c.0).collect::<Vec<_>>(),
                    outcome.1.iter().map(|c| c.0).collect::<Vec<_>>(),
                    outcome
                        .2
                        .iter()
                        .map(|(l, r)| l.0.abs_diff(r.0))
                        .collect::<std::collections::BTreeSet<_>>(),
                )
            };
            if matching.ambiguous.is_empty() {
                prop_assert!(
                    outcomes.len() == 1,
                    "{} readings differ and nobody says so",
                    outcomes.len()
                );
                prop_assert!(reported == outcomes[0]);
            } else {
                // Equal differences can be chosen in either way: then the sums still are those of
                // one reading.
                prop_assert!(
                    outcomes.iter().any(|outcome| *outcome == reported
                        || amounts_of(outcome) == amounts_of(&reported))
                );
            }
        }
    }
}
