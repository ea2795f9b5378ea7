//! The table of diagnostic codes: one line per code, numbers never reused. Must not hold explanations: those
//! are pages in `book/src/codes/`, one per code, executed as tests.

/// Identity of a kind of problem.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `E0201`: `E` errors of the language, `L` rules, `T` what a target cannot express.
    pub id: &'static str,
    /// Kebab-case name that reads after "allow": `unknown-name`.
    pub name: &'static str,
}

/// Where the pages of codes can be read.
const PAGES: &str = "https://github.com/stackc/stackc/blob/main/book/src/codes";

impl Code {
    /// Address of its page.
    pub fn url(&self) -> String {
        format!("{PAGES}/{}.md", self.id)
    }

    /// Whether projects choose how much it matters: rules and what targets cannot express, not errors of the language.
    pub fn has_level(&self) -> bool {
        self.id.starts_with(['L', 'T'])
    }
}

macro_rules! codes {
    ($($constant:ident = $id:literal $name:literal;)*) => {
        /// One constant per code.
        #[allow(missing_docs, reason = "the name of a code is its documentation; its page is the explanation")]
        pub mod codes {
            use super::Code;
            $(pub const $constant: &Code = &Code { id: $id, name: $name };)*
            /// All of them, in order.
            pub const ALL: &[&Code] = &[$($constant),*];
        }
    };
}

codes! {
    // E01: syntax
    UNEXPECTED_TOKEN = "E0101" "unexpected-token";
    UNCLOSED_BLOCK = "E0102" "unclosed-block";
    UNCLOSED_STRING = "E0103" "unclosed-string";
    WRONG_SEPARATOR = "E0104" "wrong-separator";
    TOO_DEEP = "E0105" "too-deep";
    FORBIDDEN_CHARACTER = "E0106" "forbidden-character";
    BAD_ESCAPE = "E0107" "bad-escape";
    // E02: names
    UNKNOWN_NAME = "E0201" "unknown-name";
    UNKNOWN_FIELD = "E0202" "unknown-field";
    UNKNOWN_KIND = "E0203" "unknown-kind";
    DUPLICATE_NAME = "E0204" "duplicate-name";
    UNKNOWN_IMPORT = "E0205" "unknown-import";
    IMPORT_CYCLE = "E0206" "import-cycle";
    ILLEGAL_NAME = "E0207" "illegal-name";
    MISSING_FIELD = "E0208" "missing-field";
    MISSING_LABEL = "E0209" "missing-label";
    UNKNOWN_TEMPLATE = "E0210" "unknown-template";
    // E03: wiring
    START_CYCLE = "E0301" "start-cycle";
    VALUE_CYCLE = "E0302" "value-cycle";
    PORT_NOT_LISTENING = "E0303" "port-not-listening";
    PORT_TAKEN = "E0304" "port-taken";
    NO_HEALTH_CLIENT = "E0305" "no-health-client";
    UNKNOWN_IMAGE = "E0306" "unknown-image";
    MISSING_VARIABLE = "E0307" "missing-variable";
    UNREAD_VARIABLE = "E0308" "unread-variable";
    // E04: types, units and values
    MISSING_UNIT = "E0401" "missing-unit";
    UNKNOWN_UNIT = "E0402" "unknown-unit";
    TYPE_MISMATCH = "E0403" "type-mismatch";
    INVALID_VALUE = "E0404" "invalid-value";
    CHECK_FAILED = "E0405" "check-failed";
    CONSTRAINT_FAILED = "E0406" "constraint-failed";
    // E05: secrets
    SECRET_LEAK = "E0501" "secret-leak";
    SECRET_LITERAL = "E0502" "secret-literal";
    // E06: environments
    UNKNOWN_OVERLAY_TARGET = "E0601" "unknown-overlay-target";
    UNKNOWN_ENVIRONMENT = "E0602" "unknown-environment";
    ENVIRONMENT_CYCLE = "E0603" "environment-cycle";
    // E07: emission
    UNSATISFIABLE_PATCH = "E0701" "unsatisfiable-patch";
    PATH_COLLISION = "E0702" "path-collision";
    // E08: files, project, budgets
    UNREADABLE_FILE = "E0801" "unreadable-file";
    NOT_TEXT = "E0802" "not-text";
    TOO_LARGE = "E0803" "too-large";
    BUDGET_EXCEEDED = "E0804" "budget-exceeded";
    BAD_MANIFEST = "E0805" "bad-manifest";
    EDITED_BY_HAND = "E0806" "edited-by-hand";
    WRITE_FAILED = "E0807" "write-failed";
    NO_ENVIRONMENT = "E0808" "no-environment";
    // L00: allowances
    UNUSED_ALLOWANCE = "L0001" "unused-allowance";
    BROKEN_ALLOWANCE = "L0002" "broken-allowance";
    // L01: ports and names
    PRIVILEGED_PORT = "L0101" "privileged-port";
    PORT_DIFFERS = "L0102" "port-differs";
    LITERAL_ADDRESS = "L0103" "literal-address";
    UNKNOWN_HOST = "L0104" "unknown-host";
    LOOPBACK_ADDRESS = "L0105" "loopback-address";
    CHECKED_PORT = "L0106" "checked-port";
    UNHEARD_PORT = "L0107" "unheard-port";
    FOREIGN_SCHEME = "L0108" "foreign-scheme";
    SHARED_PROJECT = "L0109" "shared-project";
    // L02: health
    UNCHECKED_SERVICE = "L0201" "unchecked-service";
    LATE_HEALTH = "L0202" "late-health";
    LIVENESS_ASKS_READINESS = "L0203" "liveness-asks-readiness";
    SLOW_CHECK = "L0204" "slow-check";
    UNSERVED_PATH = "L0205" "unserved-path";
    ABSENT_CLIENT = "L0206" "absent-client";
    DEAF_ALERT = "L0207" "deaf-alert";
    UNHEARD_ALERT = "L0208" "unheard-alert";
    // L03: secrets
    UNUSED_SECRET = "L0301" "unused-secret";
    SECRET_IN_VARIABLE = "L0302" "secret-in-variable";
    SHORT_SECRET = "L0303" "short-secret";
    SECRET_BREAKS_URL = "L0304" "secret-breaks-url";
    WRITTEN_PASSWORD = "L0305" "written-password";
    UNREAD_FILE = "L0306" "unread-file";
    OTHER_SECRET = "L0307" "other-secret";
    // L04: state
    SEVERAL_WRITERS = "L0401" "several-writers";
    OVERLAPPING_ROLLOUT = "L0402" "overlapping-rollout";
    LOST_DATA = "L0403" "lost-data";
    BACKUP_OFF = "L0404" "backup-off";
    IDLE_VOLUME = "L0405" "idle-volume";
    CROWDED_DATASTORE = "L0406" "crowded-datastore";
    EVICTED_WORK = "L0407" "evicted-work";
    OPEN_DATASTORE = "L0408" "open-datastore";
    SHORT_KEEP = "L0409" "short-keep";
    OTHER_DATABASE = "L0410" "other-database";
    HIDDEN_VOLUME = "L0411" "hidden-volume";
    MISSED_DATA = "L0412" "missed-data";
    SEVERAL_CLOCKS = "L0413" "several-clocks";
    // L05: images
    MOVING_TAG = "L0501" "moving-tag";
    END_OF_LIFE = "L0502" "end-of-life";
    UNSET_VARIABLE = "L0503" "unset-variable";
    MISSPELT_VARIABLE = "L0504" "misspelt-variable";
    IMAGE_PORT = "L0505" "image-port";
    IMAGE_USER = "L0506" "image-user";
    MISSING_SOURCE = "L0507" "missing-source";
    ABSENT_PATH = "L0508" "absent-path";
    UNMADE_OUTPUT = "L0509" "unmade-output";
    STRAY_MOUNT = "L0510" "stray-mount";
    UNWRITABLE_FOLDER = "L0511" "unwritable-folder";
    IDLE_ARGUMENT = "L0512" "idle-argument";
    MISSPELT_IMAGE = "L0513" "misspelt-image";
    SLIPPED_NAME = "L0514" "slipped-name";
    DROPPED_DEFAULT = "L0515" "dropped-default";
    REFUSED_VALUE = "L0516" "refused-value";
    UNKNOWN_STAGE = "L0517" "unknown-stage";
    UNKNOWN_FLAG = "L0518" "unknown-flag";
    // L06: network reach
    OPEN_PORT = "L0601" "open-port";
    CLOSED_EGRESS = "L0602" "closed-egress";
    UNREACHABLE_SERVICE = "L0603" "unreachable-service";
    IDLE_PROXY = "L0604" "idle-proxy";
    ABSENT_INSTANCE = "L0605" "absent-instance";
    PUBLIC_METRICS = "L0606" "public-metrics";
    ROUTED_DATASTORE = "L0607" "routed-datastore";
    RIGHTS_OF_HOST = "L0608" "rights-of-host";
    // L07: edge
    UNENCRYPTED_INGRESS = "L0701" "unencrypted-ingress";
    HOST_TAKEN = "L0702" "host-taken";
    LOOPBACK_INGRESS = "L0703" "loopback-ingress";
    UNCERTIFIABLE_HOST = "L0704" "uncertifiable-host";
    UNROUTED_HOST = "L0705" "unrouted-host";
    UNROUTED_PATH = "L0706" "unrouted-path";
    SHARED_LIMIT = "L0707" "shared-limit";
    LOOSE_WEBSOCKET = "L0708" "loose-websocket";
    STRIPPED_PREFIX = "L0709" "stripped-prefix";
    LIMITED_HEALTH = "L0710" "limited-health";
    CLOSED_UPGRADE = "L0711" "closed-upgrade";
    OTHER_ORIGIN = "L0712" "other-origin";
    SMALL_BODY = "L0713" "small-body";
    ROUTE_TAKEN = "L0714" "route-taken";
    // L08: pipelines
    UNBUILT_RELEASE = "L0801" "unbuilt-release";
    EARLY_DEPLOY = "L0802" "early-deploy";
    UNBUILT_IMAGE = "L0803" "unbuilt-image";
    UNPUSHED_BRANCH = "L0804" "unpushed-branch";
    HASTY_DEPLOY = "L0805" "hasty-deploy";
    UNKNOWN_SCRIPT = "L0806" "unknown-script";
    UNKNOWN_PLATFORM = "L0807" "unknown-platform";
    UNMADE_REPORT = "L0808" "unmade-report";
    UNSCANNED_RELEASE = "L0809" "unscanned-release";
    UNTESTED_DEPLOY = "L0810" "untested-deploy";
    CONTESTED_PLACE = "L0811" "contested-place";
    // L09: time and capacity
    SMALL_MACHINE = "L0901" "small-machine";
    GREEDY_RESERVE = "L0902" "greedy-reserve";
    SCALE_BOUNDS = "L0903" "scale-bounds";
    STUCK_ROLLOUT = "L0904" "stuck-rollout";
    SPENT_GRACE = "L0905" "spent-grace";
    GREEDY_SETTING = "L0906" "greedy-setting";
    IMPATIENT_ROUTE = "L0907" "impatient-route";
    CROWDED_ROLLOUT = "L0908" "crowded-rollout";
    OVERRUNNING_JOB = "L0909" "overrunning-job";
    CUT_SHUTDOWN = "L0910" "cut-shutdown";
    // L10: environment contract
    LATE_VARIABLE = "L1001" "late-variable";
    UNEVEN_VARIABLE = "L1002" "uneven-variable";
    DEVELOPMENT_VALUE = "L1003" "development-value";
    // T: what a target cannot express
    NOT_EXPRESSIBLE = "T0001" "not-expressible";
}
