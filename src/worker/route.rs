//! Which path means what, and which methods it answers.

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    PayoutRequests,
    BillingKey,
    BillingKeys,
    Actions,
    AccessRecords,
    AccessSummary,
    Session,
    Health,
    Description,
    /// A file of the admin page, or nothing.
    Page,
    /// Below `/api`, where there is nothing else.
    Nothing,
}

impl Route {
    /// The path must be exactly as documented: no other spelling of it is an endpoint.
    pub(super) fn of(path: &str) -> Self {
        match path {
            "/api/payout-requests" => Self::PayoutRequests,
            "/api/billing-key" => Self::BillingKey,
            "/api/billing-keys" => Self::BillingKeys,
            "/api/actions" => Self::Actions,
            "/api/access-records" => Self::AccessRecords,
            "/api/access-records/summary" => Self::AccessSummary,
            "/api/session" => Self::Session,
            "/healthz" => Self::Health,
            "/openapi.json" => Self::Description,
            path if path == "/api" || path.starts_with("/api/") => Self::Nothing,
            _ => Self::Page,
        }
    }

    /// As it appears in logs: never the path itself, which is the caller's text.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::PayoutRequests => "payout-requests",
            Self::BillingKey => "billing-key",
            Self::BillingKeys => "billing-keys",
            Self::Actions => "actions",
            Self::AccessRecords => "access-records",
            Self::AccessSummary => "access-summary",
            Self::Session => "session",
            Self::Health => "healthz",
            Self::Description => "openapi",
            Self::Page => "page",
            Self::Nothing => "none",
        }
    }

    /// The value of `Allow`.
    pub(super) fn methods(self) -> &'static str {
        match self {
            Self::PayoutRequests | Self::BillingKey | Self::BillingKeys | Self::Actions => "POST",
            Self::Session => "GET, POST, DELETE",
            Self::AccessRecords => "GET, POST",
            Self::AccessSummary => "GET",
            Self::Health | Self::Description | Self::Page | Self::Nothing => "GET, HEAD",
        }
    }

    pub(super) fn allows(self, method: &str) -> bool {
        self.methods().split(',').any(|allowed| allowed.trim_start_matches(' ') == method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_documented_spelling_is_an_endpoint() {
        assert_eq!(Route::of("/api/billing-key"), Route::BillingKey);
        for near in [
            "/api/billing-key/",
            "/api//billing-key",
            "/api/Billing-Key",
            "/api/billing%2Dkey",
            "/api/billing-key;x",
            "/api",
        ] {
            assert_eq!(Route::of(near), Route::Nothing, "{near}");
        }
        for page in
            ["/", "/index.html", "/%61pi/billing-key", "//api/billing-key", "/apis", "/Healthz"]
        {
            assert_eq!(Route::of(page), Route::Page, "{page}");
        }
    }

    #[test]
    fn a_method_is_allowed_by_its_whole_name() {
        assert!(
            Route::Session.allows("DELETE")
                && !Route::Session.allows("PUT")
                && !Route::Session.allows("")
        );
        assert!(!Route::PayoutRequests.allows("GET") && !Route::PayoutRequests.allows("post"));
    }
}
