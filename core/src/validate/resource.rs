//! Entries of `Resource`: their ARN prefix, their type and their pattern (`policy-language` 5.2).

use super::Stage;
use super::check;
use super::report::{Report, part, say, shown};
use crate::json::{Path, Span};
use crate::pattern::has_wildcard;

/// What a resource is of, by its ARN prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    S3,
    Tables,
    Kms,
    Memory,
    /// `*` without an ARN.
    All,
}

/// A resource, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Resource<'a> {
    pub(super) kind: Type,
    /// What follows the prefix; `*` alone is its own pattern.
    pub(super) pattern: &'a str,
}

const PREFIXES: [(&str, Type); 5] = [
    ("arn:aws:s3:::", Type::S3),
    ("arn:aws:s3tables:::", Type::Tables),
    ("arn:minio:kms:::", Type::Kms),
    ("arn:minio:memory:::", Type::Memory),
    ("*", Type::All),
];

impl<'a> Resource<'a> {
    /// Takes a resource apart; `None` if it has no known prefix.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        if text == "*" {
            return Some(Self { kind: Type::All, pattern: text });
        }
        PREFIXES.iter().find_map(|&(prefix, kind)| Some(Self { kind, pattern: text.strip_prefix(prefix)? }))
    }

    /// Whether MinIO reads it; [`read`] says why not.
    pub(super) fn is_readable(&self) -> bool {
        let is_bare_memory = self.is_bare() && self.kind == Type::Memory;
        !is_bare_memory && !self.pattern.starts_with('/')
    }

    /// Whether nothing follows the prefix, so that it matches nothing.
    pub(super) fn is_bare(&self) -> bool {
        self.pattern.is_empty()
    }

    /// Whether the pattern keeps the rules of its type.
    pub(super) fn is_valid(&self) -> bool {
        let no_path = || !self.pattern.contains(['/', '\\', '.']);
        self.is_bare()
            || match self.kind {
                Type::S3 | Type::Tables => true,
                Type::Kms | Type::All => no_path(),
                Type::Memory => {
                    !self.pattern.contains([':', '\\', ' ', '\t', '\r', '\n'])
                        && self.pattern.split('/').all(|segment| segment != "." && segment != "..")
                }
            }
    }

    /// Whether a bucket policy on `bucket` may name it: the pattern matches the bucket's name, or
    /// an object of the bucket may match it (`policy-language` 1.7).
    pub(super) fn reaches(&self, bucket: &str) -> bool {
        let pattern = self.pattern.as_bytes();
        if crate::pattern::matches(pattern, bucket.as_bytes()) {
            return true;
        }
        let text = bucket.bytes().chain([b'/']);
        for (p, t) in pattern.iter().zip(text) {
            match p {
                b'*' => return true,
                b'?' => {}
                p if *p == t => {}
                _ => return false,
            }
        }
        pattern.len() > bucket.len()
    }

    /// Whether a bucket-level action can act on it.
    pub(super) fn suits_buckets(&self) -> bool {
        !self.pattern.contains('/') || self.pattern == "*"
    }

    /// Whether an object-level action can act on it.
    pub(super) fn suits_objects(&self) -> bool {
        self.pattern.contains(['/', '*'])
    }
}

impl Type {
    /// The type in words, with its prefix.
    pub(super) fn words(self) -> &'static str {
        match self {
            Type::S3 => "an S3 resource (`arn:aws:s3:::…`)",
            Type::Tables => "an S3 Tables resource (`arn:aws:s3tables:::…`)",
            Type::Kms => "a KMS key (`arn:minio:kms:::…`)",
            Type::Memory => "a memory resource (`arn:minio:memory:::…`)",
            Type::All => "`*`",
        }
    }

    fn prefix(self) -> &'static str {
        PREFIXES.iter().find(|(_, kind)| *kind == self).map_or("", |(prefix, _)| *prefix)
    }
}

/// Checks what MinIO checks while reading; whether the resource can be read.
pub(crate) fn read(report: &mut Report<'_>, text: &str, span: Span, path: &Path<'_>) -> bool {
    let Some(resource) = Resource::parse(text) else {
        report_prefix(report, text, span, path);
        return false;
    };
    let prefix = resource.kind.prefix();
    if resource.is_readable() {
        return true;
    }
    if resource.is_bare() {
        report_bare(report, Stage::Read, text, span, path);
        return false;
    }
    let place = part(span, text, prefix.len(), prefix.len() + 1);
    let rest = resource.pattern.trim_start_matches('/');
    report.add(
        &check::S3_RESOURCE_STARTS_WITH_SLASH,
        Stage::Read,
        place,
        path,
        format_args!(
            "the resource {} begins with a slash after its prefix, so it matches nothing",
            shown(text)
        ),
        format_args!("write {}", shown(&format!("{prefix}{rest}"))),
    );
    false
}

/// Reports a prefix without a resource.
pub(super) fn report_bare(report: &mut Report<'_>, stage: Stage, text: &str, span: Span, path: &Path<'_>) {
    report.add(
        &check::ARN_PREFIX_WITHOUT_RESOURCE,
        stage,
        span,
        path,
        format_args!("the resource {} names nothing after its prefix, so it matches nothing", shown(text)),
        format_args!("write `{text}*` for every resource"),
    );
}

/// Remarks on a resource that reads but is probably not what was meant.
pub(super) fn advise(report: &mut Report<'_>, text: &str, span: Span, path: &Path<'_>) {
    let Some(Resource { kind: Type::S3, pattern }) = Resource::parse(text) else { return };
    let bucket = pattern.find(['/', '$']).map_or(pattern, |end| pattern.get(..end).unwrap_or(pattern));
    let Some(at) = bucket.find(':') else { return };
    let start = Type::S3.prefix().len() + at;
    let (before, after) = text.split_at_checked(start).unwrap_or_default();
    let after = after.strip_prefix(':').unwrap_or(after);
    report.add(
        &check::S3_COLON_INSTEAD_OF_SLASH,
        Stage::Advice,
        part(span, text, start, start + 1),
        path,
        format_args!("the resource {} has a colon after the bucket's name", shown(text)),
        format_args!("write a slash: {}", shown(&format!("{before}/{after}"))),
    );
}

/// Reports why a resource has no known prefix: each wrong part of its ARN.
fn report_prefix(report: &mut Report<'_>, text: &str, span: Span, path: &Path<'_>) {
    let reads = report.reads();
    let stage = Stage::Read;
    if !text.starts_with("arn:") {
        report.add_with(&check::INVALID_ARN_PREFIX, stage, span, path, &|| {
            let help = if text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("arn:")) {
                "write `arn:` in lower case".to_owned()
            } else if text.is_empty() || text.starts_with('/') {
                "write `*`, or `arn:aws:s3:::` and the bucket".to_owned()
            } else {
                format!("write {}", shown(&format!("arn:aws:s3:::{text}")))
            };
            say(format!("the resource {} is neither `*` nor an ARN", shown(text)), help)
        });
        return;
    }
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [_, partition, service, region, account, _] = parts.as_slice() else {
        report.add_with(&check::MISSING_ARN_FIELD, stage, span, path, &|| {
            let last = parts.last().copied().unwrap_or_default();
            let help = match parts.as_slice() {
                ["arn", "aws", "s3", ..] if parts.len() > 3 && !last.is_empty() => {
                    format!("did you mean {}?", shown(&format!("arn:aws:s3:::{last}")))
                }
                _ => "an ARN is `arn:partition:service:region:account:resource`".to_owned(),
            };
            say(format!("the resource {} has {} of the six parts of an ARN", shown(text), parts.len()), help)
        });
        return;
    };
    let mut start = 0;
    let places: Vec<Span> = parts
        .iter()
        .map(|p| {
            let place = part(span, text, start, start + p.len());
            start += p.len() + 1;
            place
        })
        .collect();
    let place = |at: usize| places.get(at).copied().unwrap_or(span);
    let home = match *service {
        "s3" | "s3tables" => Some("aws"),
        "kms" | "memory" => Some("minio"),
        _ => None,
    };
    let wanted = home.unwrap_or("aws");
    if *partition != wanted && (home.is_some() || !matches!(*partition, "aws" | "minio")) {
        report.add(
            &check::INVALID_PARTITION,
            stage,
            place(1),
            path,
            format_args!("the resource {} is of the partition {}", shown(text), shown(partition)),
            format_args!("write `{wanted}`"),
        );
    }
    report_service(report, text, service, place(2), path);
    if !region.is_empty() {
        report.add(
            &check::ARN_REGION_NOT_ALLOWED,
            stage,
            place(3),
            path,
            format_args!("the resource {} names the region {}", shown(text), shown(region)),
            format_args!("delete the region"),
        );
    }
    if !account.is_empty() {
        report.add(
            &check::ARN_ACCOUNT_NOT_ALLOWED,
            stage,
            place(4),
            path,
            format_args!("the resource {} names the account {}", shown(text), shown(account)),
            format_args!("delete the account"),
        );
    }
    debug_assert!(report.reads() > reads, "a resource without known prefix has a wrong part");
}

fn report_service(report: &mut Report<'_>, text: &str, service: &str, place: Span, path: &Path<'_>) {
    if matches!(service, "s3" | "s3tables" | "kms" | "memory") {
        return;
    }
    let lower = service.to_ascii_lowercase();
    let stage = Stage::Read;
    if has_wildcard(service) {
        report.add(
            &check::WILDCARD_IN_ARN_SERVICE,
            stage,
            place,
            path,
            format_args!("the resource {} has a wildcard in its service", shown(text)),
            format_args!("spell the service, for example `s3`"),
        );
    } else if lower != service {
        report.add(
            &check::INVALID_ARN_SERVICE_CASE,
            stage,
            place,
            path,
            format_args!("the resource {} has capitals in its service", shown(text)),
            format_args!("write {}", shown(&lower)),
        );
    } else {
        report.add(
            &check::RESOURCE_SERVICE_MISMATCH,
            stage,
            place,
            path,
            format_args!("the resource {} is of the service {}", shown(text), shown(service)),
            format_args!("name an S3 resource: `arn:aws:s3:::…`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(text: &str) -> Resource<'_> {
        Resource::parse(text).unwrap()
    }

    #[test]
    fn a_resource_is_a_prefix_and_a_pattern() {
        assert_eq!(resource("*"), Resource { kind: Type::All, pattern: "*" });
        assert_eq!(resource("**"), Resource { kind: Type::All, pattern: "*" });
        assert_eq!(resource("*foo"), Resource { kind: Type::All, pattern: "foo" });
        assert_eq!(resource("arn:aws:s3:::b/k"), Resource { kind: Type::S3, pattern: "b/k" });
        for text in ["", "b/*", "ARN:aws:s3:::b", "arn:aws:s3::1:b", "arn:aws:kms:::k", "arn:minio:s3:::b"] {
            assert_eq!(Resource::parse(text), None, "{text}");
        }
    }

    #[test]
    fn each_type_has_its_rules() {
        assert!(resource("arn:minio:kms:::key-1").is_valid());
        assert!(!resource("arn:minio:kms:::a/b").is_valid());
        assert!(!resource("arn:minio:kms:::a.b").is_valid());
        assert!(!resource("*foo/bar").is_valid());
        assert!(resource("arn:minio:memory:::cortex/a").is_valid());
        for bad in ["a:b", "a b", "a\\b", "a/../b", "./a"] {
            assert!(!Resource { kind: Type::Memory, pattern: bad }.is_valid(), "{bad}");
        }
        assert!(resource("arn:aws:s3:::").is_valid());
    }

    #[test]
    fn a_bucket_policy_reaches_its_own_bucket() {
        for text in ["mybucket", "mybucket/*", "my*/x", "*", "mybucke?/k", "mybucket/a", "my*"] {
            assert!(Resource { kind: Type::S3, pattern: text }.reaches("mybucket"), "{text}");
        }
        for text in ["other/*", "mybucket2", "mybuck", "", "Mybucket/*", "mybucke"] {
            assert!(!Resource { kind: Type::S3, pattern: text }.reaches("mybucket"), "{text}");
        }
    }
}
