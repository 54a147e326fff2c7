//! A value that must not be seen: no `Debug` of its content, no `Serialize` by accident, wiped when
//! dropped.

use serde::{Deserialize, Serializer};
use zeroize::Zeroizing;

/// Holds a credential or a token.
///
/// The only way to the content is [`Secret::reveal`], so a reviewer finds every use by that name.
/// There is no default: an empty secret would be sent as if it were one.
#[derive(Clone, PartialEq, Eq, derive_more::Debug, Deserialize)]
#[debug("Secret(…)")]
#[serde(transparent)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes `value` into custody.
    pub fn new(value: String) -> Self {
        Self(value.into())
    }

    /// The content, for the one place that has to send it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// `#[serde(serialize_with = "secret::reveal")]`: writes the content, for a token on its way to a
/// store that seals it.
pub(crate) fn reveal<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.reveal())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_not_show_its_content() {
        let secret = Secret::new(String::from("canary"));

        assert_eq!(format!("{secret:?}"), "Secret(…)");
        assert_eq!(secret.reveal(), "canary");
    }
}
