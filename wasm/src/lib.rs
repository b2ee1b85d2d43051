//! The module that browsers, bundlers and Node load.
//!
//! It converts and nothing else; every rule is behind `s3iam::facade`. Its callers are the JavaScript
//! files of `wasm/js`, which give it the shape that users see.
//!
//! What crosses the boundary: text and bytes in, JSON text out, numbers both ways. The calls made
//! for every request ([`Policy::decide`](policy::Policy::decide), [`Iam::authorize`](iam::Iam::authorize),
//! [`Verifier::verify`](verifier::Verifier::verify)) read their input from the [`exchange`] buffer,
//! which the caller fills in one write, and the last of them leaves its answer there.
//!
//! The crate is built three times: with the feature `complete`, once small for pages and once quick for
//! Node, and without it for gateways, which authorize requests and want a small module. What only the
//! complete modules have is found missing in JavaScript.

#[cfg(feature = "complete")]
mod account;
#[cfg(feature = "complete")]
mod ask;
#[cfg(feature = "complete")]
mod body;
mod exchange;
mod iam;
#[cfg(feature = "complete")]
mod layers;
mod names;
mod options;
mod policy;
#[cfg(feature = "complete")]
mod post;
mod question;
#[cfg(feature = "complete")]
mod reading;
mod refusal;
#[cfg(feature = "complete")]
mod signed;
#[cfg(feature = "complete")]
mod signer;
mod verifier;

use s3iam::facade;
use wasm_bindgen::prelude::wasm_bindgen;

/// A smaller allocator than the standard library's: what is not downloaded is the fastest.
#[cfg(target_family = "wasm")]
#[global_allocator]
static MEMORY: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// The version of the package.
#[wasm_bindgen]
#[must_use]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// The texts of the built-in policies by their names, as a JSON object.
#[wasm_bindgen(js_name = builtIns)]
#[must_use]
pub fn built_ins() -> String {
    facade::built_ins_json()
}
