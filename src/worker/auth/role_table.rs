//! `ROLES`: which roles Cloudflare Access' identities have, and in live the admin token beside
//! them.

use std::collections::BTreeMap;

use super::identity::{Role, Roles};
use crate::json;

/// Roles by e-mail address, group or service token; `*` is everybody whom Access lets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RoleTable {
    by_name: BTreeMap<String, Roles>,
    everybody: Roles,
    admin: Roles,
}

impl Default for RoleTable {
    /// Everybody may look up, and nothing else.
    fn default() -> Self {
        Self {
            by_name: BTreeMap::new(),
            everybody: vec![Role::Lookup].into(),
            admin: Roles::default(),
        }
    }
}

impl RoleTable {
    /// The error completes a sentence: "ROLES {error}".
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let given: BTreeMap<String, Roles> =
            json::parse(text.as_bytes()).map_err(|error| format!("{FORM}: it {error}"))?;
        let mut table =
            Self { by_name: BTreeMap::new(), everybody: Roles::default(), admin: Roles::default() };
        for (name, roles) in given {
            match name.as_str() {
                "" => return Err("holds an empty name".to_owned()),
                EVERYBODY => table.everybody = roles,
                ADMIN => table.admin = roles,
                // An identity provider may spell an address in another case than the company does.
                name => {
                    let known = table.by_name.entry(name.to_lowercase()).or_default();
                    *known = std::mem::take(known).union(&roles);
                }
            }
        }
        Ok(table)
    }

    /// What somebody may do whom Access lets in, by their own name and by those of their groups.
    pub(crate) fn roles_of<'a>(
        &self,
        name: &'a str,
        groups: impl Iterator<Item = &'a str>,
    ) -> Roles {
        std::iter::once(name)
            .chain(groups)
            .filter_map(|name| self.by_name.get(&name.to_lowercase()))
            .fold(self.everybody.clone(), Roles::union)
    }

    /// What the admin token opens in live beside Access.
    pub(crate) fn roles_of_admin(&self) -> &Roles {
        &self.admin
    }
}

const EVERYBODY: &str = "*";
const ADMIN: &str = "ADMIN_TOKEN";
const FORM: &str = "must be a JSON object such as {\"clerk@shop.example\": [\"lookup\", \"export\"], \
                    \"*\": [\"lookup\"]}, with the roles lookup, export and audit";

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(table: &RoleTable, name: &str, groups: &[&str]) -> String {
        serde_json::to_string(&table.roles_of(name, groups.iter().copied())).unwrap()
    }

    #[test]
    fn without_a_table_everybody_may_look_up() {
        let table = RoleTable::default();
        assert_eq!(roles(&table, "clerk@shop.example", &["auditors"]), r#"["lookup"]"#);
        assert!(table.roles_of_admin().is_empty());
    }

    #[test]
    fn roles_come_by_name_by_group_and_for_everybody() {
        let table = RoleTable::parse(
            r#"{"Clerk@shop.example":["export"],"auditors":["audit"],"*":["lookup"],"ADMIN_TOKEN":["lookup"]}"#,
        )
        .unwrap();
        assert_eq!(roles(&table, "clerk@SHOP.example", &[]), r#"["lookup","export"]"#);
        assert_eq!(roles(&table, "other@shop.example", &["Auditors"]), r#"["lookup","audit"]"#);
        assert_eq!(roles(&table, "ADMIN_TOKEN", &["*"]), r#"["lookup"]"#);
        assert_eq!(table.roles_of_admin(), &vec![Role::Lookup].into());

        let closed = RoleTable::parse(r#"{"clerk@shop.example":["lookup"]}"#).unwrap();
        assert_eq!(roles(&closed, "other@shop.example", &[]), "[]");
    }

    #[test]
    fn what_is_malformed_is_told_without_a_value() {
        for text in [
            "",
            "lookup",
            "[]",
            r#"{"canary":"lookup"}"#,
            r#"{"canary":["canary"]}"#,
            r#"{"":["lookup"]}"#,
            r#"{"canary":null}"#,
        ] {
            let error = RoleTable::parse(text).unwrap_err();
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
