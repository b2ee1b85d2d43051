//! Users, groups, access keys and attached policies, as an immutable snapshot.

use crate::compile::Program;
use crate::signature::{Credential, Credentials};
use crate::{Error, ErrorCode};
use std::sync::Arc;

/// A snapshot of every identity.
#[derive(Debug, Default)]
pub struct Directory {}

/// Who makes a request, with the policies that apply.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'d> {
    /// The user's name.
    pub name: &'d str,
    /// The access key used.
    pub access_key: &'d str,
    /// The groups of the user.
    pub groups: &'d [Arc<str>],
    /// The policies that apply, or `None` if there are none.
    pub program: Option<&'d Arc<Program>>,
    /// A policy of the caller cannot be evaluated: everything is denied.
    pub policy_broken: bool,
    /// The caller owns the storage.
    pub is_owner: bool,
    /// The access key is one that acts for the user, not the user's own.
    pub is_derived: bool,
}

/// Something wrong with one record of a directory; the others are loaded all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as an RFC 6901 pointer into the directory document.
    pub pointer: String,
    /// What is wrong and what follows from it. Never holds a secret.
    pub message: String,
}

impl Directory {
    /// Reads a directory document. One bad record does not stop the others: it is reported, and
    /// whoever depends on it is denied.
    pub fn read(text: &[u8]) -> Result<(Self, Vec<Problem>), Error> {
        let _ = text;
        Err(ErrorCode::DirectoryUnreadable.into())
    }

    /// The caller with that number, as verification hands it back.
    pub fn caller(&self, owner: u32) -> Option<Caller<'_>> {
        let _ = owner;
        None
    }
}

impl Credentials for Directory {
    fn find(&self, access_key: &str) -> Option<Credential<'_>> {
        let _ = access_key;
        None
    }
}
