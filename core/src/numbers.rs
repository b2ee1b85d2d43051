//! Numbers by text.

use std::sync::Arc;

/// Finds numbers by text, also where the texts come from strangers.
#[cfg(not(target_family = "wasm"))]
pub(crate) type Numbers = std::collections::HashMap<Arc<str>, u32>;

/// The wasm module is to be small first, and a tree is half the code of a hash table and its hash.
#[cfg(target_family = "wasm")]
pub(crate) type Numbers = std::collections::BTreeMap<Arc<str>, u32>;
