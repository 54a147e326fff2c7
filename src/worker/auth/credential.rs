//! The tokens that open the Worker. Only their digests are kept, and only digests are compared.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// One token that is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    sha256: [u8; 32],
}

impl Credential {
    /// That of a token as it is.
    pub(crate) fn of_token(token: &str) -> Self {
        Self { sha256: Sha256::digest(token).into() }
    }

    /// What a session names it by, before that is hashed with the session's key: a token that was replaced is another.
    pub(crate) fn digest(&self) -> &[u8; 32] {
        &self.sha256
    }
}

/// The credential whose token was given. Neither its length nor its beginning, nor which one it is, shows in the time
/// that takes.
pub(crate) fn find<'a>(credentials: &'a [Credential], given: &str) -> Option<&'a Credential> {
    let given = Sha256::digest(given);
    let mut found = None;
    for credential in credentials {
        if credential.sha256.ct_eq(&given).into() {
            found = Some(credential);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_finds_its_own_credential() {
        let credentials = ["one", "two"].map(Credential::of_token);

        assert_eq!(find(&credentials, "two"), credentials.get(1));
        for wrong in ["", "tw", "two ", "Two", "three"] {
            assert_eq!(find(&credentials, wrong), None, "{wrong}");
        }
        assert_eq!(find(&[], ""), None);
    }
}
