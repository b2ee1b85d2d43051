//! Layers of policies, in the AWS dialect.

use crate::ask::answer;
use crate::policy::PolicyList;
use crate::refusal::{invalid_argument, misuse};
use s3iam::facade::{self, Error, LayerPolicies, PublicAccessBlock};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Policies by where they are attached.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Layers {
    layers: facade::Layers,
}

/// The policies of layers to be, a list for each level of a layer.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct LayerList {
    identity: Vec<PolicyList>,
    boundary: Vec<PolicyList>,
    session: Vec<PolicyList>,
    scp: Vec<PolicyList>,
    rcp: Vec<PolicyList>,
    resource: Vec<PolicyList>,
    endpoint: Vec<PolicyList>,
    block: PublicAccessBlock,
}

#[wasm_bindgen]
impl LayerList {
    /// No layers.
    #[wasm_bindgen(constructor)]
    pub fn new() -> LayerList {
        Self::default()
    }

    /// Adds a level to a layer.
    pub fn add(&mut self, layer: &str, level: PolicyList) -> Result<(), JsValue> {
        self.levels(layer).map_err(|error| misuse(&error))?.push(level);
        Ok(())
    }

    /// Turns on a setting of Block Public Access.
    pub fn block(&mut self, setting: &str) -> Result<(), JsValue> {
        *self.setting(setting).map_err(|error| misuse(&error))? = true;
        Ok(())
    }

    /// Compiles the policies of each layer and ends the list.
    pub fn compile(self) -> Result<Layers, JsValue> {
        let (scp, rcp) = (each(&self.scp), each(&self.rcp));
        let policies = LayerPolicies {
            identity: &all(&self.identity),
            boundary: one(&self.boundary),
            session: &all(&self.session),
            scp: &scp,
            rcp: &rcp,
            resource: one(&self.resource),
            endpoint: one(&self.endpoint),
            public_access_block: self.block,
        };
        facade::Layers::of(&policies).map(|layers| Layers { layers }).map_err(|error| misuse(&error))
    }
}

impl LayerList {
    fn levels(&mut self, layer: &str) -> Result<&mut Vec<PolicyList>, Error> {
        match layer {
            "identity" => Ok(&mut self.identity),
            "boundary" => Ok(&mut self.boundary),
            "session" => Ok(&mut self.session),
            "scp" => Ok(&mut self.scp),
            "rcp" => Ok(&mut self.rcp),
            "resource" => Ok(&mut self.resource),
            "endpoint" => Ok(&mut self.endpoint),
            _ => Err(invalid_argument("there is no such layer")),
        }
    }

    fn setting(&mut self, name: &str) -> Result<&mut bool, Error> {
        match name {
            "blockPublicAcls" => Ok(&mut self.block.block_public_acls),
            "ignorePublicAcls" => Ok(&mut self.block.ignore_public_acls),
            "blockPublicPolicy" => Ok(&mut self.block.block_public_policy),
            "restrictPublicBuckets" => Ok(&mut self.block.restrict_public_buckets),
            _ => Err(invalid_argument("there is no such setting of Block Public Access")),
        }
    }
}

/// The policies of a layer that has no levels.
fn all(layer: &[PolicyList]) -> Vec<&facade::Policy> {
    layer.iter().flat_map(PolicyList::policies).collect()
}

/// The policy of a layer that has one at most.
fn one(layer: &[PolicyList]) -> Option<&facade::Policy> {
    all(layer).first().copied()
}

/// The policies of each level.
fn each(levels: &[PolicyList]) -> Vec<Vec<&facade::Policy>> {
    levels.iter().map(PolicyList::policies).collect()
}

#[wasm_bindgen]
impl Layers {
    /// Answers the question in the exchange buffer, as JSON.
    pub fn ask(&self, verb: &str, length: usize, count: usize, flags: u32) -> Result<String, JsValue> {
        answer(&self.layers, verb, length, count, flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_and_settings_are_known_by_name() {
        let mut list = LayerList::new();
        for layer in ["identity", "boundary", "session", "scp", "rcp", "resource", "endpoint"] {
            assert!(list.levels(layer).unwrap().is_empty(), "{layer}");
        }
        assert!(list.levels("group").is_err());
        for name in ["blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"] {
            let setting = list.setting(name).unwrap();
            assert!(!*setting, "{name}");
            *setting = true;
        }
        assert!(list.setting("BlockPublicAcls").is_err());
    }
}
