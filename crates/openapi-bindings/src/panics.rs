//! Panics of the generators underneath, which stop so at some things that they do not support; here they become errors.
//!
//! The message of a panic goes to the program's panic hook before anything can catch it, and the usual hook prints it.
//! Hooks belong to programs, so none is set here: a program whose hook asks [`are_caught`] first shows our error alone.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Returns `true` if a panic of this thread would be caught here and become an error.
#[must_use]
pub fn are_caught() -> bool {
    // A thread that is about to end has nothing left to catch.
    CATCHING.try_with(Cell::get).unwrap_or(false)
}

/// Returns what `run` returns, or the message with which it panicked.
pub(crate) fn catch<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    let outer = CATCHING.replace(true);
    let answer = catch_unwind(AssertUnwindSafe(run));
    CATCHING.set(outer);
    answer.map_err(|panic| words(&*panic))
}

/// Returns the first line of a panic's message, since what follows is a dump of their own view of the document.
fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    match text.map(|text| text.split_once('\n').ok_or(text)) {
        Some(Ok((first, _))) => format!("{first} …"),
        Some(Err(all)) => all.to_owned(),
        None => "it stopped without a word".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::panic::panic_any;

    use super::*;

    #[test]
    fn a_panic_is_told_in_its_own_words() {
        assert_eq!(catch(|| 7), Ok(7));
        assert_eq!(catch(|| panic!("no such thing")), Err::<(), _>("no such thing".to_owned()));
        assert_eq!(catch(|| panic!("no such {}", 7)), Err::<(), _>("no such 7".to_owned()));
        assert_eq!(catch(|| panic!("no such {:#?}", [7])), Err::<(), _>("no such [ …".to_owned()));
        assert_eq!(catch(|| panic_any(7)), Err::<(), _>("it stopped without a word".to_owned()));
    }

    #[test]
    fn a_hook_is_told_which_panics_are_caught() {
        assert!(!are_caught());
        let inside = catch(|| {
            assert_eq!(catch(|| panic!("deeper")), Err::<(), _>("deeper".to_owned()));
            (are_caught(), std::thread::spawn(are_caught).join().unwrap())
        });
        assert_eq!(inside, Ok((true, false)), "and those of another thread are not");
        assert!(!are_caught());
    }
}
