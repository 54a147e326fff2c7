//! `ROLES`: which roles Cloudflare Access' identities have, and in live the admin token beside
//! them.

use std::collections::BTreeMap;

use super::identity::{Role, Roles};
use crate::json;
use crate::worker::fields::Fields;

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
        let Fields(given) =
            json::parse_object(text.as_bytes()).map_err(|error| format!("{FORM}: it {error}"))?;
        let mut by_name = BTreeMap::new();
        for (name, roles) in given {
            // An identity provider may spell an address in another case than the company does.
            // ASCII alone: among all of Unicode's letters the Kelvin sign is a capital k too.
            let name = if name == ADMIN { name } else { name.to_ascii_lowercase() };
            if name.is_empty() {
                return Err("holds an empty name".to_owned());
            }
            if by_name.insert(name, roles).is_some() {
                return Err("holds a name twice".to_owned());
            }
        }
        let everybody = by_name.remove(EVERYBODY).unwrap_or_default();
        let admin = by_name.remove(ADMIN).unwrap_or_default();
        Ok(Self { by_name, everybody, admin })
    }

    /// What somebody may do whom Access lets in, by their own name and by those of their groups.
    pub(crate) fn roles_of<'a>(
        &self,
        name: &'a str,
        groups: impl Iterator<Item = &'a str>,
    ) -> Roles {
        std::iter::once(name)
            .chain(groups)
            .filter_map(|name| self.by_name.get(&name.to_ascii_lowercase()))
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
    fn a_letter_that_only_looks_like_another_gives_nobody_its_roles() {
        let table = RoleTable::parse(r#"{"clerk@shop.example":["export"]}"#).unwrap();
        assert_eq!(roles(&table, "cler\u{212A}@shop.example", &[]), "[]");
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
            r#"{"canary":["lookup"],"canary":["audit"]}"#,
            r#"{"canary":["lookup"],"Canary":["audit"]}"#,
            r#"{"*":[],"*":["lookup"]}"#,
            r#"{"ADMIN_TOKEN":["lookup"],"ADMIN_TOKEN":["lookup"]}"#,
        ] {
            let error = RoleTable::parse(text).unwrap_err();
            assert!(!error.contains("canary"), "{error}");
        }
    }
}
