//! The matching against every reading there is, tried one by one.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Line, Lists, Matching, alternatives};
use crate::won::Won;

/// What a reading says: the lines missing, the rows unexpected, the pairs of different amounts. By content alone.
type Outcome<'a> = (Vec<Line<'a>>, Vec<Line<'a>>, Vec<(Line<'a>, Line<'a>)>);

/// The outcomes of all readings that cost least: `matching`'s rule, written down once more and slowly.
fn best_outcomes<'a>(lines: &[Line<'a>], rows: &[Line<'a>]) -> BTreeSet<Outcome<'a>> {
    let mut best: Option<Vec<i64>> = None;
    let mut outcomes = BTreeSet::new();
    let mut open: Vec<Vec<Option<usize>>> = vec![Vec::new()];
    while let Some(reading) = open.pop() {
        let Some(line) = lines.get(reading.len()) else {
            let cost = cost(lines, rows, &reading);
            if best.as_ref().is_none_or(|best| cost < *best) {
                best = Some(cost.clone());
                outcomes.clear();
            }
            if best.as_ref() == Some(&cost) {
                outcomes.insert(outcome(lines, rows, &reading));
            }
            continue;
        };
        let choices = (0..rows.len()).filter(|row| fits(line, &rows[*row]) && !reading.contains(&Some(*row))).map(Some);
        for choice in choices.chain([None]) {
            open.push(reading.iter().copied().chain([choice]).collect());
        }
    }
    outcomes
}

fn step_of(line: &Line<'_>) -> usize {
    line.texts.iter().position(Option::is_some).unwrap_or(3)
}

fn fits(line: &Line<'_>, row: &Line<'_>) -> bool {
    let identity = step_of(line);
    let may_differ = identity < 2;
    line.texts.get(identity) == row.texts.get(identity) && (may_differ || line.amount == row.amount)
}

/// Step by step: more rows of equal amounts, more rows, less difference. Then: closer agreement.
fn cost(lines: &[Line<'_>], rows: &[Line<'_>], reading: &[Option<usize>]) -> Vec<i64> {
    let pairs = || lines.iter().zip(reading).filter_map(|(line, row)| Some((line, &rows[(*row)?])));
    let mut cost = Vec::new();
    for step in 0..4 {
        let own = || pairs().filter(|(line, _)| step_of(line) == step);
        cost.push(-(own().filter(|(line, row)| line.amount == row.amount).count() as i64));
        cost.push(-(own().count() as i64));
        cost.push(own().map(|(line, row)| line.amount.distance(row.amount) as i64).sum());
    }
    let mut agreements: Vec<i64> = pairs().filter(|(line, row)| line.amount == row.amount).map(|(l, r)| disagreement(l, r)).collect();
    agreements.sort_unstable();
    cost.extend(agreements);
    cost
}

/// Less for those that agree in all that is given; then for more texts. Beside the recipient a sub_id counts only in full.
fn disagreement(line: &Line<'_>, row: &Line<'_>) -> i64 {
    let given = line.texts.map(|text| text.is_some());
    let agrees: Vec<bool> = (0..3).map(|text| given[text] && line.texts[text] == row.texts[text]).collect();
    let is_in_part = (0..3).any(|text| given[text] && !agrees[text]);
    let counts = |text: usize| agrees[text] && !(is_in_part && text == 1 && step_of(line) == 0);
    let worth: i64 = [(0, 8), (2, 4), (1, 2)].into_iter().filter(|(text, _)| counts(*text)).map(|(_, worth)| worth).sum();
    step_of(line) as i64 * 1000 + i64::from(is_in_part) * 100 - worth
}

fn outcome<'a>(lines: &[Line<'a>], rows: &[Line<'a>], reading: &[Option<usize>]) -> Outcome<'a> {
    let (mut missing, mut different) = (Vec::new(), Vec::new());
    for (line, row) in lines.iter().zip(reading) {
        match row {
            None => missing.push(*line),
            Some(row) if rows[*row].amount != line.amount => different.push((*line, rows[*row])),
            Some(_) => {}
        }
    }
    let mut unexpected: Vec<_> = (0..rows.len()).filter(|row| !reading.contains(&Some(*row))).map(|row| rows[row]).collect();
    missing.sort_unstable();
    unexpected.sort_unstable();
    different.sort_unstable();
    (missing, unexpected, different)
}

struct Chosen<'a> {
    outcome: Outcome<'a>,
    is_ambiguous: bool,
}

fn choose<'a>(lines: &[Line<'a>], rows: &[Line<'a>]) -> Chosen<'a> {
    let lists = Lists::new(lines.iter().copied(), rows.iter().copied());
    let mut matching = Matching::new(&lists, false);
    let reading: Vec<Option<usize>> = (0..lines.len()).map(|at| matching.row_of(at)).collect();
    for (at, row) in reading.iter().enumerate() {
        assert!(row.is_none_or(|row| matching.line_of(row) == Some(at) && fits(&lines[at], &rows[row])));
    }
    let is_ambiguous = !alternatives(&mut matching, &Matching::new(&lists, true)).is_empty();
    Chosen { outcome: outcome(lines, rows, &reading), is_ambiguous }
}

fn amount() -> impl Strategy<Value = Won> + Clone {
    prop_oneof![3 => 1..4_u64, 1 => 1..12_u64].prop_map(|amount| Won::new(amount).unwrap())
}

/// Few recipients, texts and amounts, so that much collides. `is_whole`: every text is there.
fn line(is_whole: bool) -> impl Strategy<Value = Line<'static>> + Clone {
    let maybe = move |texts: &'static [&'static str]| {
        (0..5, proptest::sample::select(texts)).prop_map(move |(n, text)| (is_whole || n > 0).then_some(text))
    };
    let recipient = proptest::sample::select(&["X", "Y"][..]).prop_map(Some);
    (amount(), recipient, maybe(&["s", "t"]), maybe(&["o", "n"]))
        .prop_map(|(amount, recipient, sub_id, print_content)| Line { amount, texts: [recipient, sub_id, print_content] })
}

type BothLists = (Vec<Line<'static>>, Vec<Line<'static>>);

/// Lines that say what `given` draws for each; rows as they come.
fn lists(given: impl Strategy<Value = [bool; 3]>) -> impl Strategy<Value = BothLists> {
    let lines = proptest::collection::vec((line(true), given), 0..=5);
    (lines.prop_map(|lines| lines.into_iter().map(|(line, given)| only(line, given)).collect()), rows())
}

fn rows() -> impl Strategy<Value = Vec<Line<'static>>> {
    proptest::collection::vec(line(false), 0..=5)
}

fn only(line: Line<'static>, given: [bool; 3]) -> Line<'static> {
    let mut texts = line.texts;
    for (text, given) in texts.iter_mut().zip(given) {
        *text = text.filter(|_| given);
    }
    Line { texts, ..line }
}

/// Any texts, but no list that identifies some by recipient and others by sub_id alone.
fn lists_with_one_kind_of_id() -> impl Strategy<Value = BothLists> {
    let texts = |by_recipient: bool| {
        any::<[bool; 3]>().prop_map(move |[recipient, sub_id, print_content]| {
            if by_recipient { [recipient, sub_id && recipient, print_content] } else { [false, sub_id, print_content] }
        })
    };
    prop_oneof![lists(texts(true)), lists(texts(false))]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_list_of_one_kind_is_read_as_well_as_can_be_and_said_to_be_ambiguous_exactly_where_it_is(
        (lines, rows) in any::<[bool; 3]>().prop_flat_map(|given| lists(Just(given))),
    ) {
        let best = best_outcomes(&lines, &rows);
        let chosen = choose(&lines, &rows);

        prop_assert!(best.contains(&chosen.outcome), "chosen {:?}, best {best:?}", chosen.outcome);
        prop_assert_eq!(chosen.is_ambiguous, best.len() > 1, "chosen {:?}, best {:?}", chosen.outcome, best);
    }

    #[test]
    fn a_mixed_list_is_never_read_worse_than_can_be_in_silence((lines, rows) in lists_with_one_kind_of_id()) {
        let best = best_outcomes(&lines, &rows);
        let chosen = choose(&lines, &rows);

        // A step chooses without regard to later ones, so that what could be better is at times said to be ambiguous.
        if chosen.is_ambiguous {
            return Ok(());
        }
        prop_assert!(best.contains(&chosen.outcome), "chosen {:?}, best {best:?}", chosen.outcome);
        prop_assert!(best.len() == 1, "chosen {:?}, best {best:?}", chosen.outcome);
    }

    #[test]
    fn a_list_of_both_kinds_of_ids_is_said_to_be_ambiguous_wherever_it_is((lines, rows) in lists(any::<[bool; 3]>())) {
        let best = best_outcomes(&lines, &rows);
        let chosen = choose(&lines, &rows);

        prop_assert!(chosen.is_ambiguous || best.len() == 1, "chosen {:?}, best {best:?}", chosen.outcome);
    }

    #[test]
    fn ids_of_both_kinds_may_be_mixed_as_well_where_the_amounts_are_equal(
        (mut lines, mut rows) in lists((0..4_usize).prop_map(|text| [text == 0, text == 1, text == 2])),
    ) {
        for line in lines.iter_mut().chain(&mut rows) {
            line.amount = Won::new(1).unwrap();
        }
        let best = best_outcomes(&lines, &rows);
        let chosen = choose(&lines, &rows);

        prop_assert!(best.contains(&chosen.outcome), "chosen {:?}, best {best:?}", chosen.outcome);
        prop_assert_eq!(chosen.is_ambiguous, best.len() > 1, "chosen {:?}, best {:?}", chosen.outcome, best);
    }

    #[test]
    fn what_is_a_part_of_the_rows_matches_whole(
        rows in proptest::collection::vec((line(false), any::<[bool; 3]>()), 0..40),
        order in any::<u64>(),
    ) {
        let mut lines: Vec<_> = rows.iter().map(|(row, given)| only(*row, *given)).collect();
        shuffle(&mut lines, order);
        let rows: Vec<_> = rows.into_iter().map(|(row, _)| row).collect();
        let chosen = choose(&lines, &rows);

        prop_assert_eq!(chosen.outcome, Outcome::default());
        prop_assert!(!chosen.is_ambiguous);
    }

    #[test]
    fn the_order_of_the_lists_does_not_matter((lines, rows) in lists(any::<[bool; 3]>()), orders in any::<[u64; 2]>()) {
        let (mut other_lines, mut other_rows) = (lines.clone(), rows.clone());
        shuffle(&mut other_lines, orders[0]);
        shuffle(&mut other_rows, orders[1]);
        let (one, other) = (choose(&lines, &rows), choose(&other_lines, &other_rows));

        prop_assert_eq!(one.outcome, other.outcome);
        prop_assert_eq!(one.is_ambiguous, other.is_ambiguous);
    }
}

#[test]
fn what_only_a_reading_between_the_first_and_the_last_tells_is_said_to_be_ambiguous() {
    let line =
        |amount, recipient, sub_id, print_content| Line { amount: Won::new(amount).unwrap(), texts: [recipient, sub_id, print_content] };
    let (x, y, s, t, n, o) = (Some("X"), Some("Y"), Some("s"), Some("t"), Some("n"), Some("o"));
    let unexpected = (
        vec![line(1, None, t, None), line(1, None, None, n)],
        vec![line(1, x, t, o), line(1, y, t, n), line(1, x, t, n), line(1, x, s, None)],
    );
    let different = (
        vec![line(2, None, None, o), line(7, None, s, o), line(1, x, t, None), line(10, x, None, None)],
        vec![line(2, y, t, None), line(3, y, s, n), line(2, x, s, o), line(2, x, t, None), line(2, x, None, o)],
    );

    for (lines, rows) in [unexpected, different] {
        assert!(best_outcomes(&lines, &rows).len() > 1);
        assert!(choose(&lines, &rows).is_ambiguous, "{lines:?} {rows:?}");
    }
}

fn shuffle<T>(list: &mut [T], mut seed: u64) {
    for at in (1..list.len()).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        list.swap(at, (seed >> 33) as usize % (at + 1));
    }
}
