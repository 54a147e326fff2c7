//! What identifies a request, and what two lines can agree in.

use super::cells::mix;
use crate::won::Won;

/// A request, expected or found, by what it says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::hub) struct Line<'a> {
    /// In won.
    pub(in crate::hub) amount: Won,
    /// `billing_tran_id`, `sub_id` and print content.
    pub(in crate::hub) texts: [Option<&'a str>; 3],
}

/// A line with its texts as places in a list in which each stands once; 0 where it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::hub) struct Entry {
    /// In won.
    pub(in crate::hub) amount: Won,
    /// `billing_tran_id`, `sub_id` and print content.
    pub(in crate::hub) texts: [u32; 3],
}

/// What stands at no place of a list.
pub(super) static NOTHING: Entry = Entry { amount: Won::ZERO, texts: [0; 3] };

/// What an expected line has its row by: the texts in which they agree, one bit each in their order, and how.
pub(super) type Basis = u8;

pub(super) const RECIPIENT: Basis = 1;
pub(super) const SUB_ID: Basis = 2;
pub(super) const PRINT_CONTENT: Basis = 4;
/// No text: the amount alone.
pub(super) const AMOUNT: Basis = 0;
/// The line says more than they agree in.
pub(super) const IN_PART: Basis = 8;

/// The texts that lines can be matched by, in the order of the steps; with each, what its lines have rows by, closest first.
pub(super) const STEPS: [(Basis, &[Basis]); 4] = [
    (
        RECIPIENT,
        &[
            RECIPIENT | SUB_ID | PRINT_CONTENT,
            RECIPIENT | PRINT_CONTENT,
            RECIPIENT | SUB_ID,
            RECIPIENT,
            RECIPIENT | PRINT_CONTENT | IN_PART,
            RECIPIENT | IN_PART,
        ],
    ),
    (SUB_ID, &[SUB_ID | PRINT_CONTENT, SUB_ID, SUB_ID | IN_PART]),
    (PRINT_CONTENT, &[PRINT_CONTENT]),
    (AMOUNT, &[AMOUNT]),
];

/// What all lines share that agree in the texts of a basis, and in the amount where that is part of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    basis: Basis,
    texts: [u32; 3],
    /// In won; no amount is as high as [`ANY`].
    amount: u64,
}

const ANY: u64 = u64::MAX;

impl Key {
    pub(super) fn hash(&self) -> u64 {
        mix_texts(mix(u64::from(self.basis), self.amount), self.texts)
    }
}

impl Entry {
    /// The text that an expected line is matched by: the first that it has.
    pub(super) fn identity(&self) -> Basis {
        let given = self.given();
        given & given.wrapping_neg()
    }

    /// What an expected line can have a row of its amount by, closest first; its identity is part of each.
    pub(super) fn bases(&self) -> [Basis; 3] {
        let (given, identity) = (self.given(), self.identity());
        [given, given & !SUB_ID | identity, identity]
            .map(|texts| if texts == given { texts } else { texts | IN_PART })
    }

    /// The key by `basis` and amount. None where a text is missing.
    pub(super) fn key(&self, basis: Basis) -> Option<Key> {
        Some(Key { amount: self.amount.amount(), ..self.key_of_any_amount(basis)? })
    }

    /// Calls with the keys by all bases.
    #[inline(never)]
    pub(super) fn each_key(&self, call: &mut dyn FnMut(Key)) {
        for (_, closest_first) in STEPS {
            for basis in closest_first {
                if let Some(key) = self.key(*basis) {
                    call(key);
                }
            }
        }
    }

    /// The key of all of its amount.
    pub(super) fn amount_key(&self) -> Key {
        Key { basis: AMOUNT, texts: [0; 3], amount: self.amount.amount() }
    }

    /// The key by `basis`, whatever the amount. None where a text is missing.
    pub(super) fn key_of_any_amount(&self, basis: Basis) -> Option<Key> {
        let needed = basis & (RECIPIENT | SUB_ID | PRINT_CONTENT);
        let [recipient, sub_id, print_content] = self.texts;
        let text = |bit, text| if basis & bit == 0 { 0 } else { text };
        let texts =
            [text(RECIPIENT, recipient), text(SUB_ID, sub_id), text(PRINT_CONTENT, print_content)];
        (self.given() & needed == needed).then_some(Key { basis, texts, amount: ANY })
    }

    /// A number for what it says, of which `before` becomes a part.
    pub(super) fn hash(&self, before: u64) -> u64 {
        mix_texts(mix(before, self.amount.amount()), self.texts)
    }

    fn given(&self) -> Basis {
        let bits = [RECIPIENT, SUB_ID, PRINT_CONTENT].into_iter().zip(self.texts);
        bits.filter(|(_, text)| *text != 0).fold(AMOUNT, |given, (bit, _)| given | bit)
    }
}

fn mix_texts(before: u64, texts: [u32; 3]) -> u64 {
    texts.into_iter().fold(before, |hash, text| mix(hash, text.into()))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn keys_that_differ_hardly_ever_share_a_hash() {
        let entries =
            (0..10).flat_map(|amount| (1..=10).map(move |text| (Won::new(amount).unwrap(), text)));
        let keys = entries.flat_map(|(amount, text)| {
            let entry = Entry { amount, texts: [text, 11 - text, text] };
            [RECIPIENT, SUB_ID, RECIPIENT | SUB_ID].map(|basis| entry.key(basis).unwrap())
        });

        assert_eq!(keys.map(|key| key.hash()).collect::<HashSet<_>>().len(), 300);
    }
}
