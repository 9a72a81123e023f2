//! The values of options: from the command line, the environment, a file, or their defaults, in this order.

use std::ffi::OsString;
use std::ops::Range;
use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, Parser};
use toml::de::{DeTable, DeValue};

/// Parses the command line of a program, or of its subcommand of this name. An option `--some-name` is also read from the
/// variable `PREFIX_SOME_NAME`, and from the key `some-name` of the file that `--config` names.
///
/// # Errors
/// With a message if the file or a value is wrong. What clap has to tell, such as help, ends the program.
pub fn parse<P: Parser>(prefix: &str, subcommand: Option<&str>) -> Result<P, String> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let matches = matches(P::command(), prefix, subcommand, &arguments)?;
    let matches = matches.unwrap_or_else(|error| error.exit());
    P::from_arg_matches(&matches).or_else(|error| error.exit())
}

/// Returns what was matched, with the environment and the file.
fn matches(
    command: Command,
    prefix: &str,
    subcommand: Option<&str>,
    arguments: &[OsString],
) -> Result<Result<ArgMatches, clap::Error>, String> {
    let command = within(command, subcommand, |command| with_environment(command, prefix));
    // The file is known before what it says.
    let early = command.clone().ignore_errors(true).try_get_matches_from(arguments).ok();
    let early = early.as_ref().and_then(|early| match subcommand {
        Some(name) => early.subcommand_matches(name),
        None => Some(early),
    });
    let file = early.and_then(|early| early.try_get_one::<PathBuf>("config").ok().flatten());
    let Some(file) = file else { return Ok(command.try_get_matches_from(arguments)) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("error: {}: the configuration cannot be read: {error}", file.display()))?;
    let mut problem = None;
    let command = within(command, subcommand, |command| {
        with_file(command.clone(), file, &text).unwrap_or_else(|error| {
            problem = Some(error);
            command
        })
    });
    problem.map_or_else(|| Ok(command.try_get_matches_from(arguments)), Err)
}

fn within(command: Command, subcommand: Option<&str>, change: impl FnOnce(Command) -> Command) -> Command {
    match subcommand {
        Some(name) => command.mut_subcommand(name, change),
        None => change(command),
    }
}

/// Lets each option be read from the environment. Its value is not shown in help.
fn with_environment(command: Command, prefix: &str) -> Command {
    command.mut_args(|arg| match arg.get_long() {
        Some(long) if !is_question(&arg) => {
            let name = format!("{prefix}_{}", long.replace('-', "_").to_uppercase());
            // It lives as long as the command, which is built once.
            arg.env(&*name.leak()).hide_env_values(true)
        }
        _ => arg,
    })
}

/// Returns `true` for options that are answered instead of being set.
fn is_question(arg: &Arg) -> bool {
    use ArgAction::{Help, HelpLong, HelpShort, Version};
    matches!(arg.get_action(), Help | HelpLong | HelpShort | Version)
}

/// Makes what a file says the default of the options.
fn with_file(mut command: Command, file: &Path, text: &str) -> Result<Command, String> {
    let told = |span: Range<usize>, message: &str| {
        let (line, column) = position(text, span.start);
        format!("error: {}:{line}:{column}: {message}", file.display())
    };
    let table = DeTable::parse(text).map_err(|error| told(error.span().unwrap_or(0..0), error.message()))?;
    for (key, value) in table.get_ref() {
        let name: &str = key.get_ref();
        let known = |arg: &&Arg| arg.get_long() == Some(name) && name != "config" && !is_question(arg);
        let Some(arg) = command.get_arguments().find(known) else {
            let names = command.get_arguments().filter(|arg| !is_question(arg)).filter_map(Arg::get_long);
            let nearest = names.max_by(|one, other| {
                strsim::jaro_winkler(one, name).total_cmp(&strsim::jaro_winkler(other, name))
            });
            let nearest =
                nearest.map(|nearest| format!("\n  help: the nearest is `{nearest}`")).unwrap_or_default();
            return Err(told(key.span(), &format!("there is no option `{name}`{nearest}")));
        };
        let values = texts(value.get_ref()).ok_or_else(|| {
            told(value.span(), &format!("`{name}` is a text, a number, true or false, or a list of these"))
        })?;
        let (id, is_list) = (arg.get_id().clone(), matches!(arg.get_action(), ArgAction::Append));
        if values.len() != 1 && !is_list {
            return Err(told(value.span(), &format!("`{name}` has one value")));
        }
        // They live as long as the command, which is built once.
        let values: Vec<&'static str> = values.into_iter().map(|value| &*value.leak()).collect();
        command = command.mut_arg(id, |arg| arg.default_values(values));
        // Other arguments may be missing here.
        if let Err(error) = command.clone().try_get_matches_from([command.get_name().to_owned()])
            && matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation)
        {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default().trim_start_matches("error: ");
            return Err(told(value.span(), first));
        }
    }
    Ok(command)
}

/// Returns a value as what stands on a command line.
fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    Some(match value {
        DeValue::String(text) => vec![text.to_string()],
        DeValue::Integer(number) => vec![number.to_string()],
        DeValue::Float(number) => vec![number.to_string()],
        DeValue::Boolean(flag) => vec![flag.to_string()],
        DeValue::Array(items) => {
            let items = items.iter().map(|item| texts(item.get_ref()).filter(|texts| texts.len() == 1));
            items.collect::<Option<Vec<_>>>()?.concat()
        }
        DeValue::Datetime(_) | DeValue::Table(_) => return None,
    })
}

/// Returns the line and the column of a byte, which begin with 1.
fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use clap::{CommandFactory as _, FromArgMatches as _};

    use super::*;

    #[derive(Debug, Parser)]
    struct Arguments {
        #[arg(long)]
        config: Option<PathBuf>,
        #[arg(long, default_value_t = 1)]
        number: u8,
        #[arg(long)]
        flag: bool,
        #[arg(long)]
        part: Vec<String>,
    }

    /// Returns what the arguments are with a file.
    fn parsed(prefix: &str, file: &str, arguments: &[&str]) -> Result<Arguments, String> {
        let mut written = tempfile::NamedTempFile::new().expect("a file");
        written.write_all(file.as_bytes()).expect("a file");
        let path = written.path().display().to_string();
        let arguments = [&["program", "--config", &path], arguments].concat();
        let arguments: Vec<OsString> = arguments.into_iter().map(OsString::from).collect();
        let matches = matches(Arguments::command(), prefix, None, &arguments);
        let matches = matches.map_err(|error| error.replace(&path, "FILE"))?;
        let matches = matches.map_err(|error| error.to_string())?;
        let arguments = Arguments::from_arg_matches(&matches).map_err(|error| error.to_string())?;
        assert!(arguments.config.is_some());
        Ok(arguments)
    }

    #[test]
    fn the_command_line_comes_before_the_file_and_this_before_defaults() {
        let file = "number = 7\nflag = true\npart = [\"a\", \"b\"]\n";
        let of_file = parsed("NONE", file, &[]).expect("arguments");
        assert_eq!(
            (of_file.number, of_file.flag, &of_file.part[..]),
            (7, true, &["a".into(), "b".into()][..])
        );
        let given = parsed("NONE", file, &["--number", "8", "--part", "c"]).expect("arguments");
        assert_eq!((given.number, &given.part[..]), (8, &["c".to_owned()][..]));
        assert_eq!(parsed("NONE", "", &[]).expect("arguments").number, 1);
    }

    #[test]
    fn the_environment_comes_before_the_file() {
        // Cargo sets `CARGO_PKG_VERSION_PATCH` for every test, a number.
        #[derive(Debug, Parser)]
        struct Patch {
            #[arg(long, default_value_t = 200)]
            version_patch: u8,
        }
        let expected: u8 = env!("CARGO_PKG_VERSION_PATCH").parse().expect("a number");
        let command = with_environment(Patch::command(), "CARGO_PKG");
        let command = with_file(command, Path::new("FILE"), "version-patch = 201").expect("a file");
        let matches = command.clone().try_get_matches_from(["program"]).expect("arguments");
        assert_eq!(Patch::from_arg_matches(&matches).expect("arguments").version_patch, expected);
        let matches = command.try_get_matches_from(["program", "--version-patch", "9"]).expect("arguments");
        assert_eq!(Patch::from_arg_matches(&matches).expect("arguments").version_patch, 9);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_with_its_place() {
        for (file, expected) in [
            (
                "flag = true\nnumbre = 7",
                "error: FILE:2:1: there is no option `numbre`\n  help: the nearest is `number`",
            ),
            ("config = \"x\"", "error: FILE:1:1: there is no option `config`"),
            ("number = 700", "error: FILE:1:10: invalid value '700' for '--number <NUMBER>'"),
            ("number = [1, 2]", "error: FILE:1:10: `number` has one value"),
            ("flag = 2020-01-01", "error: FILE:1:8: `flag` is a text, a number, true or false, or a list"),
            ("flag = ", "error: FILE:1:8: "),
        ] {
            let told = parsed("NONE", file, &[]).expect_err(file);
            assert!(told.starts_with(expected), "{file}: {told}");
        }
    }
}
