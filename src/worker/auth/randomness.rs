//! Whether a secret may have been drawn at random. It catches slips (a placeholder, a pattern, a
//! key held down), and proves nothing: `npm run token` makes good ones.

use std::collections::HashSet;

/// At least 32 visible ASCII characters: no pattern, no sequence, not a few characters over and
/// over.
pub(crate) fn looks_random(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= MIN_CHARS
        && bytes.iter().all(u8::is_ascii_graphic)
        && bytes.iter().collect::<HashSet<_>>().len() >= MIN_DISTINCT
        && !is_mostly_steps(bytes)
        && !repeats_itself(bytes)
}

/// `aaaa`, `0123`, `fedc`: more than half of the characters are the one before, or its neighbour.
fn is_mostly_steps(bytes: &[u8]) -> bool {
    let is_step = |pair: &&[u8]| matches!(pair, [left, right] if left.abs_diff(*right) <= 1);
    bytes.windows(2).filter(is_step).count() > bytes.len().div_euclid(2)
}

/// The same eight characters occur twice, overlapping or not.
fn repeats_itself(bytes: &[u8]) -> bool {
    let mut seen = HashSet::new();
    !bytes.windows(REPEAT_CHARS).all(|window| seen.insert(window))
}

/// As random hexadecimal digits: 128 bits.
const MIN_CHARS: usize = 32;
/// Of 32 random hexadecimal digits fewer than 8 are distinct in less than one of 10^8.
const MIN_DISTINCT: usize = 8;
/// In 32 random hexadecimal digits eight repeat in less than one of 10^7.
const REPEAT_CHARS: usize = 8;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::looks_random;

    proptest! {
        #[test]
        fn what_is_random_passes_in_any_spelling(bytes in any::<[u8; 32]>()) {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            prop_assert!(looks_random(&hex), "{}", hex);
            let base64 = <base64ct::Base64UrlUnpadded as base64ct::Encoding>::encode_string(&bytes);
            prop_assert!(looks_random(&base64), "{}", base64);
        }
    }

    #[test]
    fn what_is_typed_in_does_not() {
        for text in [
            "",
            "short",
            &"a".repeat(32),
            &"ab".repeat(20),
            &"0123456789abcdef".repeat(2),
            "abcdefghijklmnopqrstuvwxyz012345",
            "zyxwvutsrqponmlkjihgfedcba9876543210",
            "passwordpasswordpasswordpassword",
            "changeme-changeme-changeme-changeme",
            "aaaabbbbccccddddeeeeffffgggghhhh",
            "11111111222222223333333344444444",
            "k3Jx9vQ2mW7pL4nT8rB5yF1zH6cD0sG",
            "k3Jx9vQ2mW7pL4nT 8rB5yF1zH6cD0sGa",
            "비밀번호비밀번호비밀번호비밀번호비밀번호비밀번호비밀번호비밀번호",
        ] {
            assert!(!looks_random(text), "{text}");
        }
    }
}
