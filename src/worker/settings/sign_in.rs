//! The settings that say how people and programs sign in, and what they may do.

use super::{Fault, Faults, Raw};
use crate::config::Environment;
use crate::secret::Secret;
use crate::worker::auth::credential::Credential;
use crate::worker::auth::identity::{Identity, Kind, Roles};
use crate::worker::auth::named_tokens;
use crate::worker::auth::randomness::looks_random;
use crate::worker::auth::role_table::RoleTable;

/// The ways to sign in that are configured; none means closed.
#[derive(Default)]
pub(in crate::worker) struct SignIn {
    /// The tokens that are let in.
    pub(in crate::worker) credentials: Vec<Credential>,
    /// `SESSION_SECRET`, which signs sessions.
    pub(in crate::worker) session_secret: Option<Secret>,
    /// Cloudflare Access, where both of its settings are right.
    pub(in crate::worker) access: Option<Access>,
    /// What those may do who come by Access.
    pub(in crate::worker) roles: RoleTable,
}

/// One Cloudflare Access application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::worker) struct Access {
    /// `https://<team>.cloudflareaccess.com`: the `iss` of its assertions, and where its keys are.
    pub(in crate::worker) issuer: String,
    /// The application's tag.
    pub(in crate::worker) audience: String,
}

impl SignIn {
    pub(in crate::worker) fn is_configured(&self) -> bool {
        !self.credentials.is_empty() || self.access.is_some()
    }

    pub(super) fn check(raw: &Raw, environment: Option<Environment>, faults: &mut Faults) -> Self {
        let admin_token = faults.parse(raw, ADMIN_TOKEN, NOT_RANDOM, |text| {
            looks_random(text).then(|| text.to_owned())
        });
        let session_secret = faults.parse(raw, SESSION_SECRET, NOT_RANDOM, |text| {
            looks_random(text).then(|| Secret::new(text.to_owned()))
        });
        let mut credentials = explained(raw, NAMED_TOKENS, faults, named_tokens::parse);
        let roles = explained(raw, ROLES, faults, RoleTable::parse);
        let access = access(raw, faults);

        if [ADMIN_TOKEN, NAMED_TOKENS, ACCESS_TEAM_DOMAIN, ACCESS_AUD]
            .iter()
            .all(|name| raw.get(name).is_none())
        {
            faults.add(
                ADMIN_TOKEN,
                "is missing: nobody can sign in without it, without NAMED_TOKENS, or without ACCESS_TEAM_DOMAIN and ACCESS_AUD",
            );
        }
        if raw.get(NAMED_TOKENS).is_some_and(|text| text.trim() == "[]")
            && admin_token.is_none()
            && access.is_none()
        {
            faults.add(NAMED_TOKENS, "is empty, and there is no other way to sign in");
        }
        if let Some(token) = &admin_token {
            // Beside Access it is for emergencies: it opens what it is given by name, and nothing
            // by being there.
            let is_for_emergencies =
                environment != Some(Environment::Test) && raw.get(ACCESS_AUD).is_some();
            let roles =
                if is_for_emergencies { roles.roles_of_admin().clone() } else { Roles::all() };
            let admin = Credential::of_token(
                token,
                Identity { kind: Kind::Admin, name: String::new(), roles },
            );
            if credentials.iter().any(|named| named.digest() == admin.digest()) {
                faults.add(NAMED_TOKENS, "must not hold the ADMIN_TOKEN");
            }
            credentials.push(admin);
        }
        let begins_sessions = |credential: &Credential| credential.identity.kind != Kind::Program;
        if credentials.iter().any(begins_sessions) && raw.get(SESSION_SECRET).is_none() {
            faults.add(
                SESSION_SECRET,
                "is missing: it signs the sessions of people who sign in by a token",
            );
        }
        if session_secret.is_some() && raw.get(SESSION_SECRET) == raw.get(ADMIN_TOKEN) {
            faults.add(SESSION_SECRET, "must be another one than ADMIN_TOKEN");
        }
        Self { credentials, session_secret, access, roles }
    }
}

/// The parsed value, or the default where there is none; what is wrong with it is told by `parse`.
fn explained<T: Default>(
    raw: &Raw,
    setting: &'static str,
    faults: &mut Faults,
    parse: fn(&str) -> Result<T, String>,
) -> T {
    let Some(text) = raw.get(setting) else { return T::default() };
    parse(text).unwrap_or_else(|problem| {
        faults.0.push(Fault { setting, problem: problem.into() });
        T::default()
    })
}

fn access(raw: &Raw, faults: &mut Faults) -> Option<Access> {
    let issuer = faults.parse(
        raw,
        ACCESS_TEAM_DOMAIN,
        "must be a domain such as team.cloudflareaccess.com",
        access_issuer,
    );
    let audience =
        faults.parse(raw, ACCESS_AUD, "must be the application's audience tag", |text| {
            let good =
                text.len() <= MAX_AUDIENCE_CHARS && text.bytes().all(|b| b.is_ascii_graphic());
            good.then(|| text.to_owned())
        });
    match (raw.get(ACCESS_TEAM_DOMAIN), raw.get(ACCESS_AUD)) {
        (None, Some(_)) => faults.add(ACCESS_TEAM_DOMAIN, "is missing, though ACCESS_AUD is set"),
        (Some(_), None) => faults.add(ACCESS_AUD, "is missing, though ACCESS_TEAM_DOMAIN is set"),
        _ => {}
    }
    issuer.zip(audience).map(|(issuer, audience)| Access { issuer, audience })
}

/// A bare host name, with or without `https://` before it.
fn access_issuer(text: &str) -> Option<String> {
    let host =
        text.strip_prefix("https://").unwrap_or(text).trim_end_matches('/').to_ascii_lowercase();
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let good = host.len() <= MAX_HOST_CHARS && host.contains('.') && host.split('.').all(is_label);
    good.then(|| format!("https://{host}"))
}

pub(super) const ADMIN_TOKEN: &str = "ADMIN_TOKEN";
pub(super) const SESSION_SECRET: &str = "SESSION_SECRET";
pub(super) const NAMED_TOKENS: &str = "NAMED_TOKENS";
pub(super) const ROLES: &str = "ROLES";
pub(super) const ACCESS_TEAM_DOMAIN: &str = "ACCESS_TEAM_DOMAIN";
pub(super) const ACCESS_AUD: &str = "ACCESS_AUD";

const NOT_RANDOM: &str =
    "must be at least 32 random visible ASCII characters: `npm run token` makes one";
const MAX_AUDIENCE_CHARS: usize = 256;
const MAX_HOST_CHARS: usize = 253;
