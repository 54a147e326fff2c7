//! How a group differs from what a company means to pay.

use serde::Serialize;

use super::expectation::Expectation;
use super::matching::{Lists, Matching, alternatives};
use super::review::{Finding, FindingKind, add};
use crate::won::Won;

/// How many requests of the list and of the group go together, and what they add up to. All zero without a list.
///
/// `matched`, `different` and `missing` make up the list; `matched`, `different` and `unexpected` make up the group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpectationSummary {
    /// Requests that are as expected.
    pub matched: usize,
    /// Expected requests that the group does not have.
    pub missing: usize,
    /// Requests of the group that nobody expects.
    pub unexpected: usize,
    /// Requests of another amount than expected.
    pub different: usize,
    /// Sets of requests that could as well be matched otherwise: as many as there are findings of that kind.
    pub ambiguous: usize,
    /// What the matched requests add up to.
    pub matched_total: Won,
    /// What the missing requests add up to.
    pub missing_total: Won,
    /// What the unexpected requests add up to.
    pub unexpected_total: Won,
    /// What the requests of other amounts add up to in the group.
    pub different_total: Won,
    /// What they should add up to.
    pub different_expected_total: Won,
}

/// Compares the number and the sum of a group's rows with what is expected, and the rows themselves where there are `lists`.
pub(super) fn compare(
    expectation: &Expectation,
    lists: Option<&Lists<'_>>,
    listed: usize,
    computed_total: Won,
) -> (ExpectationSummary, Vec<Finding>) {
    let mut findings = Vec::new();
    if let Some(total) = expectation.total().filter(|total| *total != computed_total) {
        let messages = [
            format_args!(
                "{total} is expected in total, but the requests add up to {computed_total}."
            ),
            format_args!("예정 총액은 {total}이지만 요청 금액의 합은 {computed_total}입니다."),
        ];
        add(&mut findings, FindingKind::ExpectedTotalMismatch, messages, Vec::new(), Vec::new());
    }
    if let Some(count) = expectation.count().filter(|count| usize::try_from(*count) != Ok(listed)) {
        let messages = [
            format_args!("{count} requests are expected, but the group has {listed}."),
            format_args!("예정 건수는 {count}건이지만 그룹에는 {listed}건이 있습니다."),
        ];
        add(&mut findings, FindingKind::ExpectedCountMismatch, messages, Vec::new(), Vec::new());
    }
    let summary = lists.map(|lists| compare_requests(lists, &mut findings)).unwrap_or_default();
    (summary, findings)
}

fn compare_requests(lists: &Lists<'_>, findings: &mut Vec<Finding>) -> ExpectationSummary {
    let Lists { lines, rows, .. } = lists;
    let mut matching = Matching::new(lists, false);

    let mut summary = ExpectationSummary::default();
    let (mut missing, mut different, mut unexpected) = (Vec::new(), Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate() {
        let found = matching.row_of(at).and_then(|row| Some((row, rows.get(row)?.amount)));
        let (count, total) = match found {
            None => {
                missing.push(at);
                (&mut summary.missing, &mut summary.missing_total)
            }
            Some((_, amount)) if amount == line.amount => {
                (&mut summary.matched, &mut summary.matched_total)
            }
            Some((row, amount)) => {
                different.push((row, at, amount, line.amount));
                count_in(&mut 0, &mut summary.different_total, amount);
                (&mut summary.different, &mut summary.different_expected_total)
            }
        };
        count_in(count, total, line.amount);
    }
    for (at, row) in rows.iter().enumerate().filter(|(at, _)| matching.line_of(*at).is_none()) {
        unexpected.push(at);
        count_in(&mut summary.unexpected, &mut summary.unexpected_total, row.amount);
    }

    if !missing.is_empty() {
        let (n, total) = (summary.missing, summary.missing_total);
        let messages = [
            format_args!(
                "{n} of the expected requests, {total} in total, are missing from the group."
            ),
            format_args!("예정된 요청 중 {n}건, 합계 {total}이 그룹에 없습니다."),
        ];
        add(findings, FindingKind::MissingRequest, messages, Vec::new(), missing);
    }
    if !unexpected.is_empty() {
        let (n, total) = (summary.unexpected, summary.unexpected_total);
        let messages = [
            format_args!("{n} of the requests, {total} in total, are not expected."),
            format_args!("예정에 없는 요청이 {n}건, 합계 {total} 있습니다."),
        ];
        add(findings, FindingKind::UnexpectedRequest, messages, unexpected, Vec::new());
    }
    for (row, at, amount, expected) in different {
        let messages = [
            format_args!("{expected} is expected, but the request is for {amount}."),
            format_args!("예정 금액은 {expected}이지만 요청 금액은 {amount}입니다."),
        ];
        add(findings, FindingKind::AmountMismatch, messages, vec![row], vec![at]);
    }
    if summary.matched == lines.len() && summary.matched == rows.len() {
        return summary;
    }
    for set in alternatives(&mut matching, &Matching::new(lists, true)) {
        summary.ambiguous = summary.ambiguous.saturating_add(1);
        let (n, m) = (set.rows.len(), set.lines.len());
        let messages = [
            format_args!(
                "{n} requests and {m} expected ones can be matched in several ways that fit equally well; this is one of them."
            ),
            format_args!(
                "요청 {n}건과 예정 {m}건은 똑같이 잘 맞는 대조 방법이 여럿입니다. 이 결과는 그중 하나입니다."
            ),
        ];
        add(findings, FindingKind::AmbiguousMatch, messages, set.rows, set.lines);
    }
    summary
}

/// Counts one more, and its amount as part of a sum that is known to be exact.
fn count_in(count: &mut usize, total: &mut Won, amount: Won) {
    *count = count.saturating_add(1);
    *total = total.checked_add(amount).unwrap_or(*total);
}

#[cfg(test)]
mod tests {
    use super::super::matching::Line;
    use super::super::review::Severity;
    use super::*;

    /// A row of the group.
    fn row(recipient: &'static str, amount: u64) -> Line<'static> {
        Line { amount: won(amount), texts: [Some(recipient), None, None] }
    }

    fn compared(json: &str, rows: &[Line<'_>]) -> (ExpectationSummary, Vec<Finding>) {
        let total = rows.iter().map(|row| row.amount.amount()).sum();
        let expectation = Expectation::from_json(json.as_bytes()).unwrap();
        let lists = expectation
            .requests()
            .map(|lines| Lists::new(lines.map(|line| line.line()), rows.iter().copied()));
        compare(&expectation, lists.as_ref(), rows.len(), won(total))
    }

    /// Kind, rows and expected rows of each finding.
    fn found(json: &str, rows: &[Line<'_>]) -> Vec<(FindingKind, Vec<usize>, Vec<usize>)> {
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
                    "3 requests are expected, but the group has 2.",
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
                    "1 of the expected requests, ₩3,000 in total, are missing from the group."
                ),
                (
                    FindingKind::UnexpectedRequest,
                    &[2, 3],
                    &[],
                    "2 of the requests, ₩5,000 in total, are not expected."
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
    fn one_recipients_requests_are_paired_so_that_the_amounts_differ_least() {
        let rows = [row("A", 1100), row("A", 5000), row("A", 9000)];

        assert_eq!(
            found(
                r#"{"requests":[{"billingTranId":"A","amount":8000},{"billingTranId":"A","amount":5000}]}"#,
                &rows
            ),
            [
                (FindingKind::UnexpectedRequest, vec![0], vec![]),
                (FindingKind::AmountMismatch, vec![2], vec![0])
            ]
        );
    }

    #[test]
    fn what_could_as_well_be_matched_otherwise_is_said() {
        let two_at_one_distance = r#"{"requests":[{"billingTranId":"A","amount":1500}]}"#;
        assert_eq!(
            found(two_at_one_distance, &[row("A", 2000), row("A", 1000)]),
            [
                (FindingKind::UnexpectedRequest, vec![0], vec![]),
                (FindingKind::AmountMismatch, vec![1], vec![0]),
                (FindingKind::AmbiguousMatch, vec![0, 1], vec![0]),
            ]
        );
        let nobody_named = r#"{"requests":[{"amount":1000}]}"#;
        assert_eq!(
            found(nobody_named, &[row("B", 1000), row("A", 1000)]),
            [
                (FindingKind::UnexpectedRequest, vec![0], vec![]),
                (FindingKind::AmbiguousMatch, vec![0, 1], vec![0])
            ]
        );
        let crossed = r#"{"requests":[{"billingTranId":"A","amount":1000},{"billingTranId":"A","amount":1100}]}"#;
        let (summary, findings) = compared(crossed, &[row("A", 2000), row("A", 2100)]);
        assert_eq!((summary.different, summary.ambiguous, findings.len()), (2, 1, 3));
        assert!(findings.last().is_some_and(|finding| finding.severity == Severity::Notice));
    }

    #[test]
    fn of_two_for_one_row_the_closer_has_it() {
        let request = |texts: [Option<&str>; 3]| {
            let [recipient, sub_id, print_content] = texts;
            serde_json::json!({ "billingTranId": recipient, "subId": sub_id, "printContent": print_content, "amount": 1000 })
        };
        let (a, s, n) = (Some("A"), Some("s"), Some("n"));
        let row = Line { amount: won(1000), texts: [a, s, n] };
        // Other texts than the row's, which come before and behind them.
        for other in [Some("a"), Some("z")] {
            let by_recipient = [
                [a, s, n],
                [a, None, n],
                [a, s, None],
                [a, None, None],
                [a, other, n],
                [a, s, other],
            ];
            let by_sub_id = [[None, s, n], [None, s, None], [None, s, other]];
            for pair in by_recipient.windows(2).chain(by_sub_id.windows(2)) {
                let [closer, farther] = [request(pair[0]), request(pair[1])];
                for (lines, missing) in [([&closer, &farther], 1), ([&farther, &closer], 0)] {
                    // By themselves, and in a list of lines of another kind.
                    for others in [&[][..], &[request([None; 3])]] {
                        let lines: Vec<_> = lines.into_iter().chain(others).collect();
                        let rows: Vec<_> = [row]
                            .into_iter()
                            .chain(others.iter().map(|_| Line { texts: [None; 3], ..row }))
                            .collect();
                        let json = serde_json::json!({ "requests": lines }).to_string();
                        assert_eq!(
                            found(&json, &rows),
                            [(FindingKind::MissingRequest, vec![], vec![missing])],
                            "{json}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn no_request_makes_room_at_another_recipients() {
        let lines = r#"{"requests":[{"billingTranId":"A","amount":1000},{"billingTranId":"A","amount":1100},
            {"subId":"s","amount":2000}]}"#;
        let wanted_twice = Line { texts: [Some("A"), Some("s"), None], ..row("A", 2000) };

        assert_eq!(
            found(lines, &[wanted_twice, row("A", 2100), row("B", 2000)]),
            [
                (FindingKind::MissingRequest, vec![], vec![2]),
                (FindingKind::UnexpectedRequest, vec![2], vec![]),
                (FindingKind::AmountMismatch, vec![0], vec![0]),
                (FindingKind::AmountMismatch, vec![1], vec![1]),
                (FindingKind::AmbiguousMatch, vec![0, 1], vec![0, 1]),
            ]
        );

        let lines = r#"{"requests":[{"billingTranId":"A","amount":1000},{"subId":"s","amount":2000},{"subId":"t","amount":2000}]}"#;
        let wanted_next = Line { texts: [Some("A"), Some("t"), None], ..row("A", 2000) };
        let (summary, _) = compared(lines, &[wanted_twice, wanted_next, row("B", 2000)]);
        assert_eq!(
            (summary.different, summary.matched, summary.missing, summary.unexpected),
            (1, 1, 1, 1)
        );
    }

    #[test]
    fn who_has_made_room_once_keeps_what_agrees() {
        let row = |recipient, sub_id, print_content| Line {
            amount: won(1000),
            texts: [Some(recipient), Some(sub_id), print_content],
        };
        // The second wants the row that the first has, which has another as good. That is not to be given up for the third,
        // which can have the row of the fourth, to which any is as good.
        let lines = r#"{"requests":[{"billingTranId":"A","printContent":"n","amount":1000},{"billingTranId":"A","subId":"r","amount":1000},
            {"subId":"s","amount":1000},{"billingTranId":"B","amount":1000}]}"#;
        let rows = [
            row("A", "r", Some("n")),
            row("A", "s", Some("n")),
            row("A", "a", None),
            row("B", "s", None),
            row("B", "z", None),
        ];

        assert_eq!(found(lines, &rows), [(FindingKind::UnexpectedRequest, vec![2], vec![])]);
    }

    #[test]
    fn which_of_two_is_missing_can_be_open_though_every_row_is_matched() {
        let two_for_one = r#"{"requests":[{"billingTranId":"A","printContent":"o","amount":1000},
            {"billingTranId":"A","printContent":"n","amount":1000}]}"#;
        let (summary, findings) = compared(two_for_one, &[row("A", 1000)]);

        assert_eq!((summary.matched, summary.missing, summary.ambiguous), (1, 1, 1));
        let last = findings.last().map(|finding| {
            (finding.kind, finding.rows.as_slice(), finding.expected_rows.as_slice())
        });
        assert_eq!(last, Some((FindingKind::AmbiguousMatch, &[0][..], &[0, 1][..])));
    }

    #[test]
    fn equal_requests_are_not_ambiguous() {
        let rows = [row("A", 1000), row("A", 1000), row("A", 1000)];

        assert_eq!(
            found(r#"{"requests":[{"billingTranId":"A","amount":1000}]}"#, &rows),
            [(FindingKind::UnexpectedRequest, vec![1, 2], vec![])]
        );
    }

    #[test]
    fn ids_claim_first() {
        let rows = [row("A", 1000)];

        assert_eq!(
            found(r#"{"requests":[{"amount":1000},{"billingTranId":"A","amount":900}]}"#, &rows),
            [
                (FindingKind::MissingRequest, vec![], vec![0]),
                (FindingKind::AmountMismatch, vec![0], vec![1])
            ]
        );
    }

    #[test]
    fn ten_thousand_of_one_amount_are_no_trouble() {
        let lines: Vec<String> = (0..10_000)
            .map(|i| format!(r#"{{"amount":1000,"printContent":"{}"}}"#, i % 7))
            .collect();
        let rows = vec![row("A", 1000); 10_000];
        let (summary, _) = compared(&format!(r#"{{"requests":[{}]}}"#, lines.join(",")), &rows);

        assert_eq!((summary.missing, summary.unexpected), (10_000, 10_000));
    }
}
