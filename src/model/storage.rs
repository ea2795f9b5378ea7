//! Data that survives, and how it is saved. Must not know a storage driver.

use crate::schema::{
    Cron, Duration, FilePath, ImageRef, LabelShape, Map, Plain, SecretRef, Size, Text, kind,
};

kind! {
    /// Storage that survives restarts: `volume "/var/lib/data" { size = 20GiB }`.
    Volume = "volume" LabelShape::Quoted, where INNER_PATH;
    /// How much.
    size: Size where POSITIVE = Size::gib(1);
    /// Its name; `<service>-<last component of the path>` when left out.
    name: Option<Plain> where VOLUME_NAME;
    /// Whether several instances may use it at once.
    shared: bool = false;
    /// Storage class of the cluster; the default class when left out.
    class: Option<Plain>;
    /// A file or folder of the project that is mounted read-only instead of storage.
    from: Option<FilePath>;
}

kind! {
    /// How the data of a service is saved and restored. Commands come from the preset of the datastore.
    Backup = "backup" LabelShape::Unlabelled;
    /// Whether copies are made; presets describe how and leave it off.
    enabled: bool = true;
    /// When, in UTC.
    schedule: Cron;
    /// Whether a copy is made before a new version meets the data, too.
    before_rollout: bool = false;
    /// How long copies are kept.
    keep: Duration where POSITIVE = Duration::days(30);
    /// Where copies go besides the backup volume: an object storage URL such as `s3://bucket/prefix`.
    offsite: Option<Plain>;
    /// How long offsite copies are kept; for ever when left out.
    keep_offsite: Option<Duration> where POSITIVE;
    /// Whether the commands work on the service's own files instead of asking it over the network: its volumes are
    /// mounted where the service has them, and the service stands still while a copy is put back.
    files: bool = false;
    /// Image with the clients that the commands need.
    image: Option<ImageRef>;
    /// Image with the object storage client `rclone`.
    offsite_image: Option<ImageRef>;
    /// Variables of the object storage client: `{ RCLONE_S3_REGION = "eu-central-1" }`.
    offsite_env: Map<Plain> where VARIABLES;
    /// When copies go there, in UTC; each is sent once.
    offsite_schedule: Cron = Cron::hourly();
    /// Secret that encrypts copies before they leave the machine.
    encrypt: Option<SecretRef>;
    /// Shell lines that write one consistent copy to `$BACKUP_FILE`.
    dump: Vec<Plain>;
    /// Shell lines that read `$BACKUP_FILE` back.
    restore: Vec<Plain>;
    /// Shell lines that prove that `$BACKUP_FILE` can be read back, without touching the data.
    verify: Vec<Plain>;
    /// Shell lines that restore `$BACKUP_FILE` into a scratch place beside the data, look at it and remove it.
    rehearsal: Vec<Plain>;
    /// End of the file names, such as `dump`.
    suffix: Plain = Plain("dump".into());
    /// Variables for the commands.
    env: Map<Text> where VARIABLES;
    /// Secret that is a credentials file of the object storage.
    credentials: Option<SecretRef>;
    /// Space for the copies.
    size: Size where POSITIVE = Size::gib(10);
    /// When the newest copy is restored into a scratch place to prove it; never when left out.
    rehearse: Option<Cron>;
}

impl Backup {
    /// The bucket and the prefix of the object storage that copies go to.
    pub fn bucket(&self) -> Option<&str> {
        let path = self.offsite.as_ref()?.strip_prefix("s3://")?.trim_end_matches('/');
        (!path.is_empty()).then_some(path)
    }

    /// Whether copies are brought to another place.
    pub fn leaves(&self) -> bool {
        self.bucket().is_some() && self.offsite_image.is_some()
    }

    /// When the newest copy is tried, where there are commands for it.
    pub fn rehearsed(&self) -> Option<&Cron> {
        self.rehearse.as_ref().filter(|_| !self.rehearsal.is_empty())
    }

    /// Whether a cluster can run it: in an image of its own, by commands.
    pub fn runs_in_cluster(&self) -> bool {
        self.enabled && self.image.is_some() && !self.dump.is_empty()
    }
}
