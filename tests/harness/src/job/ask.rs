//! The verbs `layers`, `explain`, `many`, `actions` and `access`.

use super::{Job, Out, context, counted};
use crate::protocol::{Field, Fields, boolean, optional};

/// Condition values; a name given several times has several values.
pub type Context = Vec<(String, Field)>;

/// The verb `layers`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskLayers {
    /// The kind of the principal.
    pub principal: String,
    /// Its name.
    pub name: String,
    /// Who is behind it.
    pub behind: Option<String>,
    /// The action.
    pub action: String,
    /// The resource.
    pub resource: String,
    /// The account that owns the resource.
    pub resource_account: Option<String>,
    /// Condition values.
    pub context: Context,
    /// The number of levels of service control policies.
    pub scp_levels: u32,
    /// The number of levels of resource control policies.
    pub rcp_levels: u32,
    /// The policies.
    pub policies: Vec<LayerPolicy>,
    /// The access control lists, as JSON.
    pub acl: Option<Field>,
    /// The settings of Block Public Access that are on.
    pub public_access_block: Vec<String>,
}

/// A policy and where it is attached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerPolicy {
    /// The layer.
    pub layer: String,
    /// The level of `scp` and `rcp`, from the root; 0 for others.
    pub level: u32,
    /// The kind of the policy.
    pub kind: String,
    /// The document.
    pub text: Field,
}

/// Policies without a caller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies {
    /// `minio` or `aws`.
    pub dialect: String,
    /// Their kind.
    pub kind: String,
    /// The documents.
    pub texts: Vec<Field>,
}

/// The verb `many`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskMany {
    /// Who answers.
    pub policies: Policies,
    /// The actions.
    pub actions: Vec<String>,
    /// The resources.
    pub resources: Vec<String>,
    /// The contexts.
    pub contexts: Vec<Context>,
}

/// The verb `actions`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskActions {
    /// Who answers.
    pub policies: Policies,
    /// The resource.
    pub resource: String,
    /// Condition values.
    pub context: Context,
}

/// The verb `access`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AskAccess {
    /// Who answers.
    pub policies: Policies,
    /// The action.
    pub action: String,
    /// Whether the context is all that there is.
    pub is_complete: bool,
    /// Condition values.
    pub context: Context,
    /// The resources to ask about.
    pub resources: Vec<String>,
}

impl Policies {
    fn write(&self, out: &mut Out) {
        out.texts(&[&self.dialect, &self.kind]);
        out.number(self.texts.len());
        self.texts.iter().for_each(|text| out.field(text.clone()));
    }

    fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            dialect: fields.text("dialect")?,
            kind: fields.text("kind")?,
            texts: counted(fields, "number of policies", |fields| fields.bytes("policy"))?,
        })
    }
}

fn write_list(out: &mut Out, list: &[String]) {
    out.number(list.len());
    list.iter().for_each(|item| out.text(item));
}

fn read_list(fields: &mut Fields, what: &str) -> Result<Vec<String>, String> {
    counted(fields, what, |fields| fields.text("an entry"))
}

impl AskLayers {
    pub(super) fn write(&self, out: &mut Out) {
        out.texts(&["layers", &self.principal, &self.name]);
        out.field(optional(self.behind.as_deref().map(str::as_bytes)));
        out.texts(&[&self.action, &self.resource]);
        out.field(optional(self.resource_account.as_deref().map(str::as_bytes)));
        out.context(&self.context);
        out.number(self.scp_levels);
        out.number(self.rcp_levels);
        out.number(self.policies.len());
        for policy in &self.policies {
            out.text(&policy.layer);
            out.number(policy.level);
            out.text(&policy.kind);
            out.field(policy.text.clone());
        }
        out.field(optional(self.acl.as_deref()));
        out.text(&self.public_access_block.join(","));
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            principal: fields.text("principal")?,
            name: fields.text("name of the principal")?,
            behind: fields.optional_text("who is behind it")?,
            action: fields.text("action")?,
            resource: fields.text("resource")?,
            resource_account: fields.optional_text("resource account")?,
            context: context(fields)?,
            scp_levels: fields.number("number of levels of scp")?,
            rcp_levels: fields.number("number of levels of rcp")?,
            policies: counted(fields, "number of policies", |fields| {
                Ok(LayerPolicy {
                    layer: fields.text("layer")?,
                    level: fields.number("level")?,
                    kind: fields.text("kind")?,
                    text: fields.bytes("policy")?,
                })
            })?,
            acl: fields.optional("acl")?,
            public_access_block: super::list(&fields.text("public access block")?),
        })
    }
}

impl AskMany {
    pub(super) fn write(&self, out: &mut Out) {
        out.text("many");
        self.policies.write(out);
        write_list(out, &self.actions);
        write_list(out, &self.resources);
        out.number(self.contexts.len());
        self.contexts.iter().for_each(|context| out.context(context));
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            policies: Policies::read(fields)?,
            actions: read_list(fields, "number of actions")?,
            resources: read_list(fields, "number of resources")?,
            contexts: counted(fields, "number of contexts", context)?,
        })
    }
}

impl AskActions {
    pub(super) fn write(&self, out: &mut Out) {
        out.text("actions");
        self.policies.write(out);
        out.text(&self.resource);
        out.context(&self.context);
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            policies: Policies::read(fields)?,
            resource: fields.text("resource")?,
            context: context(fields)?,
        })
    }
}

impl AskAccess {
    pub(super) fn write(&self, out: &mut Out) {
        out.text("access");
        self.policies.write(out);
        out.text(&self.action);
        out.field(boolean(self.is_complete));
        out.context(&self.context);
        write_list(out, &self.resources);
    }

    pub(super) fn read(fields: &mut Fields) -> Result<Self, String> {
        Ok(Self {
            policies: Policies::read(fields)?,
            action: fields.text("action")?,
            is_complete: fields.boolean("whether the context is complete")?,
            context: context(fields)?,
            resources: read_list(fields, "number of resources")?,
        })
    }
}

/// Reads what is to be explained: a question of one of these verbs.
pub(super) fn explained(job: Job) -> Result<Box<Job>, String> {
    match job {
        Job::Decide(_) | Job::Account(_) | Job::Layers(_) => Ok(Box::new(job)),
        _ => Err("only decide, account and layers can be explained".to_owned()),
    }
}
