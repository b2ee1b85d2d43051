//! Lists that are usually short.

/// A list that needs no memory of its own while it is short.
#[cfg(any(feature = "forms", not(target_family = "wasm")))]
pub(crate) use smallvec::SmallVec;

/// The small wasm module does without: every capacity would be code of its own.
#[cfg(all(target_family = "wasm", not(feature = "forms")))]
pub(crate) type SmallVec<A> = Vec<<A as smallvec::Array>::Item>;
