//! Who is calling. Closed where no way to sign in is configured, and closed on any doubt.

use web_sys::Headers;

use super::answer::Problem;
use super::settings::SignIn;
use super::web_crypto;

/// Somebody who has proved who they are.
#[derive(Debug)]
pub(super) struct Caller {
    /// For the audit line.
    pub(super) who: String,
}

/// The caller, by what the request's headers prove.
pub(super) async fn caller(headers: &Headers, sign_in: &SignIn) -> Result<Caller, Problem> {
    if !sign_in.is_configured() {
        return Err(Problem::sign_in_not_configured());
    }
    match headers.get("Authorization").ok().flatten() {
        Some(authorization) => by_bearer(&authorization, sign_in).await,
        None => Err(Problem::not_signed_in("sign in, or send Authorization: Bearer with the admin token")),
    }
}

async fn by_bearer(authorization: &str, sign_in: &SignIn) -> Result<Caller, Problem> {
    let wrong = || Problem::not_signed_in("the admin token is wrong");
    let given = bearer(authorization).ok_or_else(wrong)?;
    if is_admin_token(given, sign_in).await? { Ok(Caller { who: "token".to_owned() }) } else { Err(wrong()) }
}

/// Digests are compared, so that neither the length nor the beginning of the token shows in the time it takes.
pub(super) async fn is_admin_token(given: &str, sign_in: &SignIn) -> Result<bool, Problem> {
    let Some(token) = &sign_in.admin_token else { return Ok(false) };
    let digests = async { Ok((web_crypto::sha256(given.as_bytes()).await?, web_crypto::sha256(token.reveal().as_bytes()).await?)) };
    let (given, wanted) = digests.await.map_err(|_: web_crypto::Refused| Problem::internal())?;
    Ok(web_crypto::same(&given, &wanted))
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("Bearer").then(|| token.trim_matches(' '))
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn a_bearer_token_is_what_follows_the_scheme() {
        assert_eq!(bearer("Bearer abc"), Some("abc"));
        assert_eq!(bearer("bearer  abc "), Some("abc"));
        assert_eq!(bearer("Bearer "), Some(""));
        for not_one in ["abc", "Bearer", "Basic abc", "Bearerabc", ""] {
            assert_eq!(bearer(not_one), None, "{not_one}");
        }
    }
}
