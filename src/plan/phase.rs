//! The phase: strings the parts together and collects what they report. Must not derive anything itself.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::catalogue::{Catalogue, ImageFacts};
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::lock::Lock;
use crate::model::{Environment, Mode, Service, Stack};
use crate::schema::ImageRef;

use super::delivery::{self, Receiver};
use super::graph::{self, Story, Wait};
use super::images::{self, Images};
use super::{Edge, EdgeKind, EnvironmentPlan, ImagePlan, ImageUse, Plan, ServicePlan};
use super::{
    config, contract, edges, effective, networks, pins, pipelines, ports, probe, rollout, scaling, subnets,
    writable,
};

/// Derives everything that follows from a stack. Warnings are in the plan; errors come with the warnings.
pub fn plan(mut stack: Stack, knowledge: &Catalogue, lock: &Lock) -> Result<Plan, Vec<Diagnostic>> {
    let mut images = images::images(&stack);
    let diagnostics = pipelines::settle(&mut stack.pipelines, &stack.project);
    let mut phase = Phase { knowledge, images: &images, diagnostics };
    let pins = pins::pins(&stack, knowledge, lock);
    let mut environments = Vec::new();
    for (_, environment) in stack.environments {
        environments.extend(phase.environment(environment));
    }
    let diagnostics = once_each(phase.diagnostics);
    if has_errors(&diagnostics) {
        return Err(diagnostics);
    }
    for plan in &mut images.plans {
        plan.health_command = image_health(plan, knowledge);
    }
    let mut plan = Plan {
        project: stack.project,
        environments,
        pipelines: stack.pipelines,
        images: images.plans,
        pins,
        warnings: diagnostics,
    };
    pin_services(&mut plan);
    Ok(plan)
}

/// A service that several environments share reports the same problem in each: once is enough.
fn once_each(all: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::new();
    let mut at_place: IndexMap<_, Vec<usize>> = IndexMap::new();
    for diagnostic in all {
        let known = at_place.entry(diagnostic.primary.as_ref().map(|label| label.span)).or_default();
        if !known.iter().any(|index| kept.get(*index) == Some(&diagnostic)) {
            known.push(kept.len());
            kept.push(diagnostic);
        }
    }
    kept
}

/// The check that is part of the image; none where the image has no client for it: targets may know another way.
fn image_health(plan: &ImagePlan, knowledge: &Catalogue) -> Option<Vec<String>> {
    let stage = images::final_stage(&plan.build, false)?;
    let base = images::base(&plan.build, stage);
    probe::command(&plan.service, base.as_ref(), false, knowledge).command
}

fn pin_services(plan: &mut Plan) {
    let mut environments = std::mem::take(&mut plan.environments);
    for service in environments.iter_mut().flat_map(|environment| environment.services.values_mut()) {
        if let ImageUse::Public(image) = &mut service.image {
            *image = plan.pinned(image);
        }
    }
    plan.environments = environments;
}

struct Phase<'a> {
    knowledge: &'a Catalogue,
    images: &'a Images,
    diagnostics: Vec<Diagnostic>,
}

/// The image under a service, with what is known about it.
struct Ground<'a> {
    image: ImageUse,
    /// The public image that runs or that the build starts from.
    base: Option<ImageRef>,
    facts: Option<&'a ImageFacts>,
    /// Folders that the stages make writable.
    stage_folders: Vec<Arc<str>>,
}

impl<'a> Phase<'a> {
    fn environment(&mut self, mut environment: Environment) -> Option<EnvironmentPlan> {
        effective::apply(&mut environment);
        contract::set_defaults(&mut environment);
        self.diagnostics.extend(ports::check(&environment));
        let edges = self.kept(edges::edges(&environment))?;
        let order = self.kept(order(&environment, &edges));
        let mut networks = networks::networks(&environment, &edges);
        self.diagnostics.extend(subnets::assign(&environment, &mut networks));
        let mut memberships = networks::memberships(&networks);
        let mut services = IndexMap::with_capacity(environment.services.len());
        for (name, service) in &environment.services {
            if let Some(plan) =
                self.service(&environment, service, memberships.remove(name).unwrap_or_default())
            {
                services.insert(name.clone(), plan);
            }
        }
        Some(EnvironmentPlan { order: order?, edges, networks, services, model: environment })
    }

    fn kept<T>(&mut self, result: Result<T, Vec<Diagnostic>>) -> Option<T> {
        result.map_err(|problems| self.diagnostics.extend(problems)).ok()
    }

    fn service(
        &mut self,
        environment: &Environment,
        service: &Service,
        networks: Vec<Arc<str>>,
    ) -> Option<ServicePlan> {
        let ground = self.ground(environment, service)?;
        let public = matches!(ground.image, ImageUse::Public(_));
        let receiver = Receiver::new(service, ground.facts.filter(|_| public));
        self.diagnostics.extend(delivery::check(service, receiver));
        self.diagnostics.extend(rollout::check(environment, service));
        let health = probe::command(service, ground.base.as_ref(), public, self.knowledge);
        // Only containers on a machine run the command; a cluster asks by itself.
        if environment.compose().is_some() {
            self.diagnostics.extend(health.problem);
        }
        let variables = delivery::variables(&service.env, receiver);
        self.diagnostics.extend(contract::check(environment, service, &variables));
        self.diagnostics.extend(config::check(service));
        self.diagnostics.extend(scaling::check(service));
        let mut secrets = delivery::mounted_for(service, &variables);
        secrets.extend(delivery::channels(environment, service));
        let of_image = ground.facts.into_iter().flat_map(|facts| &facts.writable_paths);
        let folders = of_image.map(String::as_str).chain(ground.stage_folders.iter().map(|folder| &**folder));
        Some(ServicePlan {
            jobs: delivery::jobs(service, &secrets, receiver),
            backup: service.backup.as_deref().map(delivery::backup),
            offsite: service.backup.as_deref().and_then(delivery::offsite),
            variables,
            secrets: secrets.into_iter().collect(),
            networks,
            health_command: health.command,
            writable: writable::writable(service, folders),
            reaches_out: networks::reaches_out(environment, service),
            image: ground.image,
        })
    }

    fn ground(&mut self, environment: &Environment, service: &Service) -> Option<Ground<'a>> {
        let name = &service.label.value;
        let knowledge = self.knowledge;
        let Some(build) = &service.build else {
            let Some(image) = &service.image else {
                self.diagnostics.push(no_image(service));
                return None;
            };
            return Some(Ground {
                image: ImageUse::Public(image.clone()),
                base: Some(image.clone()),
                facts: knowledge.image(image),
                stage_folders: Vec::new(),
            });
        };
        let stage = images::final_stage(build, environment.block.mode == Mode::Development);
        let base = stage.and_then(|stage| images::base(build, stage));
        let chain = stage.map(|stage| images::stage_chain(build, stage)).unwrap_or_default();
        let folders = chain.iter().flat_map(|stage| &stage.writable);
        Some(Ground {
            image: ImageUse::Built(self.images.of(&environment.name, name)?),
            facts: base.as_ref().and_then(|base| knowledge.image(base)),
            base,
            stage_folders: folders.map(|folder| (&**folder).into()).collect(),
        })
    }
}

fn no_image(service: &Service) -> Diagnostic {
    let message = format!("`{}` has neither `image` nor `build`", service.label.value);
    Diagnostic::error(codes::MISSING_FIELD, message)
        .at(service.label.span, "nothing to run")
        .help("add `image = \"name:tag\"` for a published image, or a `build` block")
}

/// The names so that each comes after those that it waits for.
const START: Story = Story {
    what: "these services wait for each other to start",
    help: |target| {
        format!(
            "where one of them needs only an address and not a running service, write it as `late({target}.url)`; \
             else remove one of these references"
        )
    },
};

fn order(environment: &Environment, edges: &[Edge]) -> Result<Vec<Arc<str>>, Vec<Diagnostic>> {
    let names: Vec<Arc<str>> = environment.services.keys().cloned().collect();
    let index = |name: &Arc<str>| environment.services.get_index_of(name);
    let start = edges.iter().filter(|edge| edge.kind == EdgeKind::Start);
    let wait =
        |edge: &Edge| Some(Wait { from: index(edge.from.as_ref()?)?, to: index(&edge.to)?, span: edge.span });
    let order = graph::order(&names, &start.filter_map(wait).collect::<Vec<_>>(), &START)?;
    Ok(order.into_iter().filter_map(|index| names.get(index).cloned()).collect())
}
