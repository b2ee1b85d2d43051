//! Users, groups, access keys and attached policies, as an immutable snapshot.

mod load;
mod policies;
mod record;
mod rules;

pub use record::Problem;

use crate::compile::Program;
use crate::numbers::Numbers;
use crate::signature::{Credential, CredentialState, Credentials, SecretKey};
use crate::{Error, Timestamp};
use policies::Access;
use std::fmt;
use std::sync::Arc;
#[cfg(not(target_family = "wasm"))]
use std::sync::atomic::{AtomicBool, Ordering};

/// The largest directory document, in bytes.
pub const MAX_DIRECTORY_BYTES: usize = 256 * 1024 * 1024;
/// The most users.
pub const MAX_USERS: usize = 1_000_000;
/// The most groups.
pub const MAX_GROUPS: usize = 100_000;
/// The most policies beside the built-in ones.
pub const MAX_POLICIES: usize = 100_000;

/// A snapshot of every identity.
///
/// # The document
///
/// ```json
/// {
///   "version": 1,
///   "root": { "access_key": "admin", "secret_key": "…" },
///   "policies": { "photos": { "Version": "2012-10-17", "Statement": [] } },
///   "users": {
///     "alice": {
///       "secret_key": "…",
///       "status": "enabled",
///       "policies": ["readwrite"],
///       "access_keys": [
///         { "access_key": "ALICE2", "secret_key": "…", "expires": "2030-01-31T00:00:00Z" }
///       ]
///     }
///   },
///   "groups": { "dev": { "status": "enabled", "members": ["alice"], "policies": ["photos"] } }
/// }
/// ```
///
/// Only `version` is required, and a user's `secret_key`. A member that is `null` is the same as one
/// that is absent. One that is not known may be a misspelt one, such as a `status` that was to
/// disable: a user or access key that has one is not loaded, the members of a group that has one are
/// denied everything, and at the top it makes the whole directory invalid.
///
/// | member | meaning |
/// |---|---|
/// | `root` | the owner, whom no policy restricts. A well-known secret such as `minioadmin`, or the access key as secret, is refused unless `"allow_insecure_defaults": true` stands beside it |
/// | `policies` | named policies, at most 20 KiB each; one called like a [built-in](crate::policy::built_in) takes its place |
/// | `users` | by name. The name is the user's own access key, as in MinIO |
/// | `access_keys` | further keys that act for the user, with all that the user may do; `name` and `description` may stand beside |
/// | `status` | `enabled` (also `on`, also where absent) or `disabled` (`off`) |
/// | `expires` | RFC 3339; from that instant on the key is not valid |
/// | `groups` | a user has the policies of all its groups beside its own |
///
/// # Rules
///
/// - An access key is at least 3 bytes, without `=`, `,` and outer white space; a secret at least 8.
/// - A disabled user's own key is refused; its further keys authenticate and may do nothing.
/// - A user in one disabled group may do nothing at all, whatever else it has.
/// - An attached policy that does not exist gives nothing. One that cannot be read denies everything
///   to all who have it; one that reads but is not valid is evaluated. All three are reported.
/// - An access key given more than once cannot be used, but for the root's, which stays the root's.
/// - A policy, user or group given more than once gives nothing, and denies everything to whoever
///   depends on it.
///
/// The limits are [`MAX_DIRECTORY_BYTES`], [`MAX_USERS`], [`MAX_GROUPS`], [`MAX_POLICIES`], 500
/// policies that apply to one user, and names and secrets of 1024 bytes.
#[derive(Default)]
pub struct Directory {
    keys: Vec<AccessKey>,
    index: Numbers,
    users: Vec<User>,
    /// Another one took its place.
    #[cfg(not(target_family = "wasm"))]
    retired: AtomicBool,
}

/// An access key. Its place in the list is the number that verification hands back.
#[derive(Debug)]
struct AccessKey {
    access_key: Arc<str>,
    secret: SecretKey,
    state: CredentialState,
    expires: Option<Timestamp>,
    generation: u64,
    user: u32,
    is_derived: bool,
}

#[derive(Debug)]
struct User {
    name: Arc<str>,
    groups: Box<[Arc<str>]>,
    access: Access,
    is_owner: bool,
}

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

impl Directory {
    /// Reads a directory document. One bad record does not stop the others: it is reported, and
    /// whoever depends on it is denied.
    ///
    /// # Errors
    ///
    /// `directory-unreadable` if the document is not JSON or too large; `directory-invalid` if it is
    /// not a directory of version 1, or if the members of a group cannot be read, because then nobody
    /// can say whom the group concerns.
    pub fn read(text: &[u8]) -> Result<(Self, Vec<Problem>), Error> {
        load::load(text)
    }

    /// The caller with that number, as verification hands it back.
    pub fn caller(&self, owner: u32) -> Option<Caller<'_>> {
        let key = self.keys.get(owner as usize)?;
        let user = self.users.get(key.user as usize)?;
        Some(Caller {
            name: &user.name,
            access_key: &key.access_key,
            groups: &user.groups,
            program: match &user.access {
                Access::Program(program) => Some(program),
                Access::Nothing | Access::Broken => None,
            },
            policy_broken: matches!(user.access, Access::Broken),
            is_owner: user.is_owner,
            is_derived: key.is_derived,
        })
    }
}

#[cfg(any(feature = "forms", not(target_family = "wasm")))]
impl Directory {
    /// The secrets of all access keys.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &SecretKey> + Clone {
        self.keys.iter().map(|key| &key.secret)
    }

    /// Notes that another one took its place.
    pub(crate) fn retire(&self) {
        #[cfg(not(target_family = "wasm"))]
        self.retired.store(true, Ordering::Relaxed);
    }
}

impl Credentials for Directory {
    #[cfg(not(target_family = "wasm"))]
    fn is_retired(&self) -> bool {
        // The lock of the cache, under which this is asked, orders it with the wiping that follows.
        self.retired.load(Ordering::Relaxed)
    }

    fn find(&self, access_key: &str) -> Option<Credential<'_>> {
        let owner = *self.index.get(access_key)?;
        let key = self.keys.get(owner as usize)?;
        Some(Credential {
            access_key: &key.access_key,
            secret: &key.secret,
            state: key.state,
            session_token: None,
            expires: key.expires,
            generation: key.generation,
            owner,
        })
    }
}

impl fmt::Debug for Directory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (users, access_keys) = (self.users.len(), self.index.len());
        f.debug_struct("Directory").field("users", &users).field("access_keys", &access_keys).finish()
    }
}

#[cfg(test)]
mod tests;
