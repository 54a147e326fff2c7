//! Who somebody is, and what they may do.

use serde::{Deserialize, Serialize};

pub(crate) use crate::api::{Kind, Role};

/// A person, a program, or whoever holds the admin token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) kind: Kind,
    /// An e-mail address or another name; empty for the admin token, which says nothing of who
    /// holds it.
    pub(crate) name: String,
    pub(crate) roles: Roles,
}

impl Identity {
    /// As the audit line and the rate limit have it: one and the same however they signed in.
    pub(crate) fn who(&self) -> String {
        match self.kind {
            Kind::Admin => "admin".to_owned(),
            kind => format!("{} {}", kind.name(), self.name),
        }
    }
}

/// Several roles, each at most once, in the order of [`Role::ALL`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Role>")]
pub(crate) struct Roles(Vec<Role>);

impl Roles {
    pub(crate) fn all() -> Self {
        Self(Role::ALL.to_vec())
    }

    pub(crate) fn contains(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    pub(crate) fn to_vec(&self) -> Vec<Role> {
        self.0.clone()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These and those.
    pub(crate) fn union(self, other: &Self) -> Self {
        self.0.into_iter().chain(other.0.iter().copied()).collect::<Vec<_>>().into()
    }
}

impl From<Vec<Role>> for Roles {
    fn from(mut roles: Vec<Role>) -> Self {
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_a_set() {
        let roles: Roles = serde_json::from_str(r#"["audit","lookup","audit"]"#).unwrap();
        assert_eq!(serde_json::to_string(&roles).unwrap(), r#"["lookup","audit"]"#);
        assert!(roles.contains(Role::Audit) && !roles.contains(Role::Export));
        assert_eq!(roles.union(&Roles::from(vec![Role::Export])), Roles::all());
        assert!(serde_json::from_str::<Roles>(r#"["Lookup"]"#).is_err());
    }
}
