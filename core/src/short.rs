//! Lists that are usually short.

/// A list that needs no memory of its own while it is short.
#[cfg(not(target_family = "wasm"))]
pub(crate) use smallvec::SmallVec;

/// The wasm module is to be small first, and every capacity would be code of its own.
#[cfg(target_family = "wasm")]
pub(crate) type SmallVec<A> = Vec<<A as smallvec::Array>::Item>;
