//! How often and how much: the ceilings of an office (security.md §4). Each is a setting; what is not set is as here.

/// The ceilings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Numbers shown in full to one account of a village, in an hour.
    pub unmask_village: u32,
    /// The same to one account of an office.
    pub unmask_office: u32,
    /// Syncs of one device in an hour.
    pub syncs: u32,
    /// Wrong passwords and codes from one address in an hour. High, for one address of a carrier can be thousands of phones.
    pub wrong_logins: u32,
    /// Lines that an export holds without anybody's approval.
    pub export_rows: u32,
    /// Megabytes of photos and recordings that the devices of an account begin to send in a day. A village's phone that was away for weeks has some 60.
    pub upload_mb: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            unmask_village: 30,
            unmask_office: 300,
            syncs: 600,
            wrong_logins: 3_000,
            export_rows: 500,
            upload_mb: 300,
        }
    }
}

/// Why a text sets no limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` sets no limit; write one of {names} with a number from 1, such as unmask-village=30", names = Limits::NAMES.join(", "))]
pub struct NoLimit(String);

impl Limits {
    const NAMES: [&str; 6] =
        ["unmask-village", "unmask-office", "syncs", "wrong-logins", "export-rows", "upload-mb"];

    /// These with some set anew, each written as `NAME=NUMBER`.
    ///
    /// # Errors
    /// When a name is unknown, or the number is none or 0: nobody could work.
    pub fn with<'t>(mut self, settings: impl IntoIterator<Item = &'t str>) -> Result<Limits, NoLimit> {
        for text in settings {
            let wrong = || NoLimit(text.to_owned());
            let (name, number) = text.split_once('=').ok_or_else(wrong)?;
            let number = number.trim().parse::<u32>().ok().filter(|number| *number > 0).ok_or_else(wrong)?;
            *self.named(name.trim()).ok_or_else(wrong)? = number;
        }
        Ok(self)
    }

    /// What an account may begin to send in a day.
    pub fn upload_bytes(&self) -> u64 {
        u64::from(self.upload_mb) << 20
    }

    fn named(&mut self, name: &str) -> Option<&mut u32> {
        let at = Limits::NAMES.iter().position(|known| *known == name)?;
        let all = [
            &mut self.unmask_village,
            &mut self.unmask_office,
            &mut self.syncs,
            &mut self.wrong_logins,
            &mut self.export_rows,
            &mut self.upload_mb,
        ];
        all.into_iter().nth(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_as_the_office_knows_it() {
        let limits = Limits::default().with(["unmask-village=3", " export-rows = 20 "]).unwrap();
        assert_eq!(limits, Limits { unmask_village: 3, export_rows: 20, ..Limits::default() });
        assert_eq!(Limits::default().with([]).unwrap(), Limits::default());
    }

    #[test]
    fn every_name_sets_a_limit_of_its_own() {
        for name in Limits::NAMES {
            let set = Limits::default().with([format!("{name}=7").as_str()]).unwrap();
            assert_ne!(set, Limits::default(), "{name}");
        }
    }

    #[test]
    fn a_mistake_is_named_with_an_example() {
        for text in ["", "syncs", "syncs=", "syncs=0", "syncs=-1", "syncs=many", "Syncs=5", "sync=5"] {
            let said = Limits::default().with([text]).unwrap_err().to_string();
            assert!(said.contains(&format!("`{text}`")) && said.contains("unmask-village=30"), "{said}");
        }
    }
}
