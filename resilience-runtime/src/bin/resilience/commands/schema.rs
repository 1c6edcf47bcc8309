//! `resilience schema`: the JSON Schema of files of settings comes out, for editors and validators.

use resilience_runtime::config::json_schema;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// Write the JSON Schema of files of settings, for editors and validators.
///
/// Editors with Tombi or Taplo complete and check a file that begins with `#:schema ./resilience.schema.json`. `resilience
/// init` writes such a file. What a schema cannot say, `resilience check` finds.
#[derive(Debug, clap::Args)]
pub(crate) struct Schema {}

impl Schema {
    #[expect(clippy::unused_self, reason = "as every command")]
    pub(crate) fn run(self, output: &mut Output) -> Result<Exit, Failure> {
        output.file(json_schema().as_bytes())?;
        Ok(Exit::Fine)
    }
}
