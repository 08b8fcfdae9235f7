"""What the people in the tour write: in the language in which the tour is played."""

from dataclasses import dataclass, field

from bot.texts import Texts


@dataclass(frozen=True)
class Words:
    t: Texts = field(repr=False)

    # Anna's post

    @property
    def title(self) -> str:
        """The first line, which stays whatever is edited."""
        return self.t("Ten books for a dark winter evening 📚")

    @property
    def first_version(self) -> str:
        return self.title + "\n" + self.t("Come & get them. First come, first served <3")

    @property
    def second_version(self) -> str:
        return (
            self.title
            + "\n"
            + self.t("They wait for you in all our branches. Which one do you take home? <3")
        )

    @property
    def why(self) -> str:
        return self.t("These books are hardly borrowed, and people ask for tips in January.")

    @property
    def picture(self) -> str:
        return self.t("A pile of ten books on a window sill, and snow outside.")

    @property
    def change(self) -> str:
        return self.t("Please say where the books are: people call us about it.")

    # Anna's draft

    @property
    def idea(self) -> str:
        return self.t("A reading club for everybody who never read a whole book. Who joins?")

    # The poll

    @property
    def question(self) -> str:
        return self.t("What shall we read aloud on the night of the library?")

    @property
    def fantasy(self) -> str:
        return self.t("Fantasy")

    @property
    def crime(self) -> str:
        return self.t("A detective story")

    @property
    def poetry(self) -> str:
        return self.t("Poems")

    # The stories

    @property
    def story(self) -> str:
        return self.t(
            "When I was nine, the power failed for a whole evening. My father read to us by "
            "candlelight & we begged him to go on. I still have the book."
        )

    @property
    def photo(self) -> str:
        """What can be seen in a photo of hers."""
        return self.t("Children around a candle on the table")

    @property
    def edited_story(self) -> str:
        return (
            self.t("A reader's story: the evening without power")
            + "\n\n"
            + self.story
            + "\n\n"
            + self.t("Fatima, reader in our library")
        )

    @property
    def daans_story(self) -> str:
        return self.t("I read under my blanket with a torch.")

    @property
    def brams_story(self) -> str:
        return self.t("My neighbour never brings his books back. He lives at number 12.")
