"""Towns and counties, their institutions and people, and who may do what."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from municipalities.access import Access
from municipalities.choices import CheckedModel
from municipalities.images import check_logo
from municipalities.number_patterns import validate_number_pattern
from municipalities.ownership import ChangeCounter, OwnedModel, OwnedQuerySet

validate_colour = RegexValidator(
    r"^#[0-9a-f]{6}$",
    _("Bitte geben Sie die Farbe als # und sechs Zeichen von 0 bis f an, zum Beispiel #2144aa."),
)
# The first parts of the portal's own addresses; a town's pages stand beside them.
RESERVED_SLUGS = (
    "abmelden",
    "anmelden",
    "bilder",
    "einladung",
    "farben",
    "kalender",
    "kommunen",
    "konto",
    "lesen",
    "offline.js",
    "passwort-vergessen",
    "pruefen",
    "static",
    "suche",
    "texte",
    "verwaltung",
)


def validate_slug_is_free(slug: str) -> None:
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("„%s“ ist eine Adresse des Portals. Bitte wählen Sie eine andere.") % slug)


validate_ags = RegexValidator(
    r"^(\d{5}|\d{8})$", _("Der Amtliche Gemeindeschlüssel hat acht Ziffern, bei einem Kreis fünf.")
)


class MunicipalityQuerySet(OwnedQuerySet):
    def in_town(self, municipality: models.Model) -> MunicipalityQuerySet:
        return self.filter(pk=municipality.pk)

    def in_towns_of(self, user: Any) -> MunicipalityQuerySet:
        return self.filter(pk__in=user.access.municipality_ids)


class Municipality(CheckedModel):
    """A town, county or district. Many live in one installation and never see each other's drafts."""

    class Kind(models.TextChoices):
        CITY = "city", _("Stadt")
        COMMUNE = "commune", _("Gemeinde")
        COUNTY = "county", _("Kreis")
        DISTRICT = "district", _("Bezirk")

    class StateLaw(models.TextChoices):
        GO_NRW = "go_nrw", _("GO NRW")
        KRO_NRW = "kro_nrw", _("KrO NRW")
        NKOMVG = "nkomvg", _("NKomVG")
        OTHER = "other", _("andere Kommunalverfassung")

    name = models.CharField(
        _("Name"), max_length=100, unique=True, help_text=_("Zum Beispiel „Stadt Leverkusen“.")
    )
    short_name = models.CharField(_("Kurzname"), max_length=60, unique=True)
    slug = models.SlugField(_("Adresse"), max_length=60, unique=True, validators=[validate_slug_is_free])
    kind = models.CharField(_("Art"), max_length=10, choices=Kind)
    ags = models.CharField(
        _("Amtlicher Gemeindeschlüssel"),
        max_length=8,
        unique=True,
        null=True,
        blank=True,
        validators=[validate_ags],
    )
    head_title = models.CharField(
        _("Bezeichnung der Leitung"), max_length=60, help_text=_("Zum Beispiel „Der Oberbürgermeister“.")
    )
    state_law = models.CharField(_("Kommunalverfassung"), max_length=10, choices=StateLaw)
    logo = models.ImageField(
        _("Logo"),
        upload_to="logos/",
        blank=True,
        validators=[FileExtensionValidator(["png", "jpg", "jpeg"]), check_logo],
    )
    colour = models.CharField(_("Farbe"), max_length=7, default="#2144aa", validators=[validate_colour])
    number_pattern = models.CharField(
        _("Muster der Vorlagennummern"),
        max_length=60,
        blank=True,
        validators=[validate_number_pattern],
        help_text=_(
            "Bausteine: {jahr}, {jahr2} (zweistellig), {laufend}, {laufend:3} (auf drei Stellen mit Nullen), "
            "{amt}, {wahlperiode} – zum Beispiel „{jahr}/{laufend}“."
        ),
    )

    objects = MunicipalityQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Kommune"))

    class Meta:
        verbose_name = _("Kommune")
        verbose_name_plural = _("Kommunen")
        ordering = ["short_name"]

    municipality_path: ClassVar[str] = "pk"

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        MunicipalityRevision.bump(self.pk)

    def logo_content(self) -> bytes:
        """The picture; empty where there is none, or where its file is gone from the server."""
        if not self.logo:
            return b""
        try:
            with self.logo.open("rb") as file:
                content: bytes = file.read()
                return content
        except FileNotFoundError:
            return b""


class MunicipalityRevision(ChangeCounter):
    """Counts the changes of what a town's pages share: names, people, committees, meetings, layouts …"""

    municipality = models.OneToOneField(
        Municipality, models.CASCADE, related_name="revision", primary_key=True
    )


class Institution(OwnedModel):
    """An administration department, association, school, church, party, ministry, institute …

    The category belongs to the institution; origin is never recorded for a person.
    """

    class Kind(models.TextChoices):
        DEPARTMENT = "department", _("Verwaltung")
        WELFARE = "welfare", _("Wohlfahrtsverband")
        MIGRANT_ORGANISATION = "migrant_organisation", _("Migrantenselbstorganisation")
        SCHOOL = "school", _("Bildungseinrichtung")
        CHURCH = "church", _("Religionsgemeinschaft")
        POLITICS = "politics", _("Politik")
        ASSOCIATION = "association", _("Verein oder Verband")
        BUSINESS = "business", _("Wirtschaft und Arbeit")
        AUTHORITY = "authority", _("Behörde")
        STATE = "state", _("Land oder Bund")
        INSTITUTE = "institute", _("Externes Institut")
        NETWORK = "network", _("Netzwerk")
        OTHER = "other", _("Sonstige")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="institutions", verbose_name=_("Kommune")
    )
    name = models.CharField(_("Name"), max_length=150)
    kind = models.CharField(_("Art"), max_length=25, choices=Kind)
    sign = models.CharField(
        _("Kurzzeichen"), max_length=20, blank=True, help_text=_("Zum Beispiel „50“ oder „III“.")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, related_name="parts", null=True, blank=True, verbose_name=_("gehört zu")
    )
    head = models.ForeignKey(
        "Person",
        models.SET_NULL,
        related_name="heads",
        null=True,
        blank=True,
        verbose_name=_("Leitung"),
        help_text=_("Wer die Vorlagen dieser Stelle mitzeichnet, wo die Leitung gefragt wird."),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf der Einrichtung"))

    class Meta:
        verbose_name = _("Einrichtung")
        verbose_name_plural = _("Einrichtungen")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="institution_unique_name"),
            models.CheckConstraint(condition=~Q(parent=models.F("id")), name="institution_not_its_own_part"),
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who can log in, by e-mail address. What they may do stands in their roles and seats."""

    email = models.EmailField(_("E-Mail-Adresse"), unique=True)
    name = models.CharField(_("Name"), max_length=100)
    is_active = models.BooleanField(_("aktiv"), default=True)
    is_demo = models.BooleanField(_("Vorführzugang"), default=False)
    date_joined = models.DateTimeField(_("angelegt am"), auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()
    history = HistoricalRecords(
        excluded_fields=["password", "last_login"], verbose_name=_("Verlauf des Kontos")
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("Benutzerkonto")
        verbose_name_plural = _("Benutzerkonten")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_unique_email_any_case",
                violation_error_message=_("Zu dieser E-Mail-Adresse gibt es schon ein Konto."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_staff(self) -> bool:
        """Django's word for who may open the administration."""
        return self.is_superuser or bool(self.access.towns_with(Role.Kind.ADMINISTRATION))

    @cached_property
    def access(self) -> Access:
        """Towns and roles, read once per request."""
        return Access.of(self.pk)


class Person(OwnedModel):
    """Somebody in a municipality's affairs, with or without a login."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="persons", verbose_name=_("Kommune")
    )
    name = models.CharField(_("Name"), max_length=100)
    function = models.CharField(_("Funktion"), max_length=120, blank=True)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="persons",
        null=True,
        blank=True,
        verbose_name=_("Einrichtung"),
    )
    user = models.ForeignKey(
        User, models.SET_NULL, related_name="persons", null=True, blank=True, verbose_name=_("Benutzerkonto")
    )
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf der Person"))

    class Meta:
        verbose_name = _("Person")
        verbose_name_plural = _("Personen")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "user"],
                condition=Q(user__isnull=False),
                name="person_one_per_user_and_town",
            ),
            models.UniqueConstraint(
                fields=["municipality", "name", "function"], name="person_unique_in_town"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(OwnedModel):
    """What a user may do in a municipality."""

    class Kind(models.TextChoices):
        ADMINISTRATION = "administration", _("Fachadministration")
        EDITING = "editing", _("Redaktion")
        DEPARTMENT = "department", _("Fachamt")
        COUNTERSIGNING = "countersigning", _("Mitzeichnung")
        COUNCIL_SERVICE = "council_service", _("Sitzungsdienst")
        MODERATION = "moderation", _("Moderation")

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="roles", verbose_name=_("Kommune")
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="roles", verbose_name=_("Benutzerkonto"))
    kind = models.CharField(_("Rolle"), max_length=20, choices=Kind)

    history = HistoricalRecords(verbose_name=_("Verlauf der Rolle"))

    class Meta:
        verbose_name = _("Rolle")
        verbose_name_plural = _("Rollen")
        ordering = ["municipality", "user", "kind"]
        constraints = [models.UniqueConstraint(fields=["municipality", "user", "kind"], name="role_unique")]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_kind_display()}"
