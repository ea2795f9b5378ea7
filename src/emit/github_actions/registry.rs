//! Where images are pushed to, and who logs in there. Must not hold a password: pipelines know secrets by name.

use super::Context;
use super::actions;
use super::defaults::defaults;
use super::document::Step;

/// A registry and the expressions for who logs in.
pub(super) struct Registry {
    /// Its host.
    pub(super) host: String,
    /// Whose account.
    pub(super) user: &'static str,
    /// With what.
    pub(super) password: &'static str,
}

impl Context<'_> {
    /// The registry of the images: that of the CI system takes the token of the run, any other one an account whose name
    /// and password are secrets of the repository.
    pub(super) fn registry(&self) -> Option<Registry> {
        let host = self.plan.project.registry.as_ref()?.split('/').next()?.to_owned();
        let (user, password) = if host == defaults().own_registry {
            ("${{ github.actor }}", "${{ secrets.GITHUB_TOKEN }}")
        } else {
            ("${{ secrets.REGISTRY_USERNAME }}", "${{ secrets.REGISTRY_PASSWORD }}")
        };
        Some(Registry { host, user, password })
    }
}

impl Registry {
    /// The step that logs in.
    pub(super) fn log_in(&self) -> Step {
        actions::step(
            "Log in to the registry",
            "login",
            [
                ("registry", self.host.clone().into()),
                ("username", self.user.into()),
                ("password", self.password.into()),
            ],
        )
    }
}
