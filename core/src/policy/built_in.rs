//! The built-in policies: present in every directory unless a policy of the same name replaces them
//! (`policy-language` section 8).

/// Names and documents of the built-in policies.
const BUILT_IN: &[(&str, &str)] = &[
    ("readwrite", include_str!("built_in/readwrite.json")),
    ("readonly", include_str!("built_in/readonly.json")),
    ("writeonly", include_str!("built_in/writeonly.json")),
    ("consolereadonly", include_str!("built_in/consolereadonly.json")),
    ("diagnostics", include_str!("built_in/diagnostics.json")),
    ("tablesAdmin", include_str!("built_in/tablesAdmin.json")),
    ("tablesReadWrite", include_str!("built_in/tablesReadWrite.json")),
    ("tablesReadOnly", include_str!("built_in/tablesReadOnly.json")),
    ("iamAdmin", include_str!("built_in/iamAdmin.json")),
    ("infraAdmin", include_str!("built_in/infraAdmin.json")),
    ("replicationAdmin", include_str!("built_in/replicationAdmin.json")),
    ("securityAuditAdmin", include_str!("built_in/securityAuditAdmin.json")),
    ("consoleAdmin", include_str!("built_in/consoleAdmin.json")),
];

/// The text of a built-in policy. Names are case-sensitive.
pub fn built_in(name: &str) -> Option<&'static str> {
    BUILT_IN.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}

/// The names of the built-in policies.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    BUILT_IN.iter().map(|(name, _)| *name)
}
