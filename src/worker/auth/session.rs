//! The browser's session: a signed cookie, bounded in time, begun with a token and ended with it.
//!
//! It is signed with a key derived from `SESSION_SECRET`, so a cookie says nothing by which tokens
//! could be tried out. It names the token it was begun with by a hash that only that key can make:
//! a token that is replaced ends its sessions. Nothing is stored for a living session. An ended one
//! is remembered until it would have ended by itself, so that a copied cookie is of no use after
//! sign-out.

/// What the cookie says, once its signature is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// 32 hexadecimal digits, random.
    pub(crate) id: String,
    started_at_s: u64,
    /// When the cookie was made: at most [`RENEW_AFTER_S`] before it was last used.
    seen_at_s: u64,
    /// The token it was begun with: a keyed hash of its digest, 32 hexadecimal digits.
    pub(crate) credential_id: String,
}

impl Session {
    pub(crate) fn start(id: String, credential_id: String, now_s: u64) -> Self {
        Self { id, started_at_s: now_s, seen_at_s: now_s, credential_id }
    }

    /// The session that a `Cookie` header claims, and the signature that has to prove it.
    pub(crate) fn claimed(cookies: &str) -> Option<(Self, &str)> {
        let value = cookies
            .split(';')
            .find_map(|cookie| cookie.trim().strip_prefix(NAME)?.strip_prefix('='))?;
        let (claim, signature) = value.rsplit_once('.')?;
        let mut parts = claim.split('.');
        let (version, id, started, seen, credential_id) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let is_id = |id: &str| id.len() == ID_CHARS && id.bytes().all(|b| b.is_ascii_hexdigit());
        let is_whole =
            version == VERSION && is_id(id) && is_id(credential_id) && parts.next().is_none();
        let session = Self {
            id: id.to_owned(),
            started_at_s: started.parse().ok()?,
            seen_at_s: seen.parse().ok()?,
            credential_id: credential_id.to_owned(),
        };
        // One spelling alone, so that what was signed is what was read.
        (is_whole && session.claim() == claim).then_some((session, signature))
    }

    /// What is signed.
    pub(crate) fn claim(&self) -> String {
        let Self { id, started_at_s, seen_at_s, credential_id } = self;
        format!("{VERSION}.{id}.{started_at_s}.{seen_at_s}.{credential_id}")
    }

    /// Neither idle nor in all for too long, and not from the future.
    pub(crate) fn is_alive(&self, now_s: u64) -> bool {
        let is_past = self.started_at_s <= self.seen_at_s
            && self.seen_at_s <= now_s.saturating_add(CLOCK_SKEW_S);
        is_past && now_s < self.expires_at_s()
    }

    /// When it ends unless it is used before.
    pub(crate) fn expires_at_s(&self) -> u64 {
        self.seen_at_s.saturating_add(IDLE_S).min(self.ends_at_s())
    }

    /// When it ends whatever happens.
    pub(crate) fn ends_at_s(&self) -> u64 {
        self.started_at_s.saturating_add(WHOLE_S)
    }

    /// The same session, used now; `None` while the cookie is fresh enough.
    pub(crate) fn renewed(&self, now_s: u64) -> Option<Self> {
        let is_due = now_s >= self.seen_at_s.saturating_add(RENEW_AFTER_S);
        is_due.then(|| Self { seen_at_s: now_s, ..self.clone() })
    }

    /// `Set-Cookie` for it.
    pub(crate) fn cookie(&self, signature: &str, now_s: u64) -> String {
        let max_age_s = self.expires_at_s().saturating_sub(now_s);
        set_cookie(&format!("{}.{signature}", self.claim()), max_age_s)
    }
}

/// `Set-Cookie` that takes the cookie away.
pub(crate) fn no_cookie() -> String {
    set_cookie("", 0)
}

fn set_cookie(value: &str, max_age_s: u64) -> String {
    format!("{NAME}={value}; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age={max_age_s}")
}

/// `__Host-`: the browser takes it from this host alone, over TLS, for every path.
const NAME: &str = "__Host-payple-edge";
const VERSION: &str = "2";
const ID_CHARS: usize = 32;

const IDLE_S: u64 = 30 * 60;
const WHOLE_S: u64 = 8 * 60 * 60;
/// A new cookie with every answer would be waste.
const RENEW_AFTER_S: u64 = 60;
/// How far the clocks of two locations may be apart.
const CLOCK_SKEW_S: u64 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";
    const CREDENTIAL: &str = "fedcba9876543210fedcba9876543210";
    const NOW_S: u64 = 1_800_000_000;

    fn session() -> Session {
        Session::start(ID.to_owned(), CREDENTIAL.to_owned(), NOW_S)
    }

    #[test]
    fn a_cookie_is_read_as_it_was_written() {
        let cookie = session().cookie("5157", NOW_S);
        assert_eq!(
            cookie,
            format!(
                "__Host-payple-edge=2.{ID}.{NOW_S}.{NOW_S}.{CREDENTIAL}.5157; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=1800"
            )
        );

        let sent = format!("theme=dark; {}; other=1", cookie.split(';').next().unwrap());
        assert_eq!(Session::claimed(&sent), Some((session(), "5157")));
    }

    #[test]
    fn any_other_spelling_claims_nothing() {
        let good = format!("2.{ID}.{NOW_S}.{NOW_S}.{CREDENTIAL}.5157");
        assert!(Session::claimed(&format!("__Host-payple-edge={good}")).is_some());
        for value in [
            "",
            "2",
            &format!("2.{ID}.{NOW_S}.{NOW_S}.{CREDENTIAL}"),
            &format!("2.{ID}.{NOW_S}.{NOW_S}.5157"),
            &format!("1.{ID}.{NOW_S}.{NOW_S}.{CREDENTIAL}.5157"),
            &format!("2.{ID}.0{NOW_S}.{NOW_S}.{CREDENTIAL}.5157"),
            &format!("2.{ID}.+{NOW_S}.{NOW_S}.{CREDENTIAL}.5157"),
            &format!("2.{ID}.{NOW_S}.{NOW_S}.{CREDENTIAL}.1.5157"),
            &format!("2.{ID}0.{NOW_S}.{NOW_S}.{CREDENTIAL}.5157"),
            &format!("2.{ID}.{NOW_S}.{NOW_S}.{CREDENTIAL}0.5157"),
            &format!("2.{ID}.{NOW_S}.{NOW_S}.{}.5157", "x".repeat(32)),
            &format!("2.{ID}.-1.{NOW_S}.{CREDENTIAL}.5157"),
            &format!("2.{ID}.{NOW_S}.99999999999999999999.{CREDENTIAL}.5157"),
            &format!("2.../../{}.{NOW_S}.{NOW_S}.{CREDENTIAL}.5157", "x".repeat(25)),
        ] {
            assert_eq!(Session::claimed(&format!("__Host-payple-edge={value}")), None, "{value}");
        }
        assert_eq!(Session::claimed(&format!("payple-edge={good}")), None);
        assert_eq!(Session::claimed(&format!("x__Host-payple-edge={good}")), None);
    }

    #[test]
    fn it_ends_when_idle_and_it_ends_in_any_case() {
        let mut session = session();
        assert!(session.is_alive(NOW_S) && session.is_alive(NOW_S + IDLE_S - 1));
        assert!(!session.is_alive(NOW_S + IDLE_S));

        let mut now_s = NOW_S;
        while session.is_alive(now_s) {
            session = session.renewed(now_s).unwrap_or(session);
            now_s += IDLE_S - 1;
        }
        assert!((NOW_S + WHOLE_S..NOW_S + WHOLE_S + IDLE_S).contains(&now_s));
    }

    #[test]
    fn it_does_not_come_from_the_future() {
        assert!(!session().is_alive(NOW_S - CLOCK_SKEW_S - 1));
        assert!(session().is_alive(NOW_S - CLOCK_SKEW_S));
        let seen_before_it_started = Session { seen_at_s: NOW_S - 1, ..session() };
        assert!(!seen_before_it_started.is_alive(NOW_S));
    }

    #[test]
    fn it_is_renewed_once_a_minute_at_most() {
        assert_eq!(session().renewed(NOW_S + RENEW_AFTER_S - 1), None);
        assert_eq!(
            session().renewed(NOW_S + RENEW_AFTER_S).map(|s| (s.started_at_s, s.seen_at_s)),
            Some((NOW_S, NOW_S + 60))
        );
    }
}
