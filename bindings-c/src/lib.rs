//! The C library `s3iam`: types and lifetimes converted for C, and nothing else.
//!
//! Its documentation is the header, `include/s3iam.h`, which is generated from these modules. The
//! only callers are C's; nothing here is for use from Rust.
//!
//! - `pointer` holds every `unsafe` block: what C hands over becomes a Rust value there;
//! - `panic` is the boundary that no panic crosses;
//! - `ask` is what all handles that answer questions do with them;
//! - `status` is generated from the core's error table;
//! - the others are the faces of the library, one file a topic.
#![allow(non_camel_case_types, reason = "the types have the names that C sees")]
#![allow(unsafe_code, reason = "exporting a name counts as unsafe; a test keeps the rest in `pointer`")]

mod panic;
mod pointer;
mod status;

mod access;
mod account;
mod acl;
mod ask;
mod body;
mod chunks;
mod decision;
mod diagnosis;
mod draft;
mod error;
mod findings;
mod iam;
mod identity;
mod layers;
mod names;
mod options;
mod pairs;
mod policy;
mod post;
mod query;
mod request;
mod sign;
mod signature;
mod text;
mod verdict;
mod version;

#[cfg(test)]
mod tests {
    #[test]
    fn handles_are_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<crate::access::s3iam_access>();
        shared::<crate::account::s3iam_account>();
        shared::<crate::acl::s3iam_acl>();
        shared::<crate::body::s3iam_body_reader>();
        shared::<crate::error::s3iam_error>();
        shared::<crate::findings::s3iam_findings>();
        shared::<crate::iam::s3iam_iam>();
        shared::<crate::iam::s3iam_problems>();
        shared::<crate::identity::s3iam_identity>();
        shared::<crate::layers::s3iam_layers>();
        shared::<crate::names::s3iam_names>();
        shared::<crate::policy::s3iam_policy>();
        shared::<crate::policy::s3iam_policy_set>();
        shared::<crate::pairs::s3iam_pairs>();
        shared::<crate::post::s3iam_upload>();
        shared::<crate::chunks::s3iam_chunk_signer>();
        shared::<crate::sign::s3iam_signer>();
        shared::<crate::signature::s3iam_verifier>();
        shared::<crate::text::s3iam_string>();
        shared::<crate::verdict::s3iam_verdict>();
    }

    #[test]
    fn only_pointer_has_unsafe_blocks() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with("pointer.rs") || path.ends_with("lib.rs") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for keyword in ["unsafe {", "unsafe fn", "unsafe impl", "unsafe extern"] {
                assert!(!source.contains(keyword), "{}: {keyword}", path.display());
            }
        }
    }
}
