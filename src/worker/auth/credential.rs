//! The tokens that open the Worker. Only their digests are kept, and only digests are compared.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::identity::Identity;

/// One token that is let in, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credential {
    sha256: [u8; 32],
    pub(crate) identity: Identity,
    /// From then on it is not let in.
    pub(crate) expires_at_s: Option<u64>,
}

impl Credential {
    pub(crate) fn new(sha256: [u8; 32], identity: Identity, expires_at_s: Option<u64>) -> Self {
        Self { sha256, identity, expires_at_s }
    }

    /// That of a token as it is.
    pub(crate) fn of_token(token: &str, identity: Identity) -> Self {
        Self::new(Sha256::digest(token).into(), identity, None)
    }

    /// What a session names it by, before that is hashed with the session's key: a token that was
    /// replaced is another.
    pub(crate) fn digest(&self) -> &[u8; 32] {
        &self.sha256
    }

    pub(crate) fn is_valid_at(&self, now_s: u64) -> bool {
        self.expires_at_s.is_none_or(|end_s| now_s < end_s)
    }
}

/// The credential whose token was given. Neither its length nor its beginning, nor which one it is,
/// shows in the time that takes.
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
    use crate::worker::auth::identity::{Kind, Roles};

    #[test]
    fn a_token_finds_its_own_credential() {
        let admin = Identity { kind: Kind::Admin, name: String::new(), roles: Roles::all() };
        let credentials = ["one", "two"].map(|token| Credential::of_token(token, admin.clone()));

        assert_eq!(find(&credentials, "two"), credentials.get(1));
        for wrong in ["", "tw", "two ", "Two", "three"] {
            assert_eq!(find(&credentials, wrong), None, "{wrong}");
        }
        assert_eq!(find(&[], ""), None);
    }
}
