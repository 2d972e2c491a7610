"""What is printed on the five towns' forms."""

# The words printed on each form in their order, and of what is filled in what every stage's print holds.
BOXES = ["ja", "nein", "noch nicht zu übersehen"]
BRACKETS = ["[ja]", "[nein]"]
METTMANN_SUBJECT = "Kreisintegrationszentrum - Integrationskonzept für den Kreis Mettmann"
METTMANN_HEAD = [
    "Fachbereich: Sozialamt",
    "Bearbeiter/in:",
    "Datum: 02.04.2015",
    "Az.: CaRa",
]

LABELS = {
    "bergisch-gladbach": [
        "Stadt Bergisch Gladbach",
        "Der Bürgermeister",
        "Federführender Fachbereich Jugend- und Soziales",
        "Drucksachen-Nr. 324/2008",
        "Mitteilungsvorlage",
        "☒ Öffentlich",
        "☐ Nicht öffentlich",
        "für die Sitzung des ▼",
        "Sitzungsdatum",
        "Tagesordnungspunkt",
        "Integrationskonzept für Migrantinnen und Migranten",
        "Inhalt der Mitteilung:",
    ],
    "bergkamen": [
        "Stadt Bergkamen",
        "Betreff",
        "Einführung eines Kommunalen Integrationsmanagements",
        "Vorlage 11/1481",
        "Aktenzeichen 51si-",
        "Art Beschlussvorlage",
        "Gremium",
        "Sitzung am",
        "TOP",
        "Zuständigkeit",
        "Beratungsfolge",
        "Sitzung",
        "Zuständigkeit",
        "Beschlussvorschlag: Kenntnisnahme",
        "Sachdarstellung:",
        "Bestandteile dieser Vorlage sind:",
        "1. Das Deckblatt",
        "2. Der Beschlussvorschlag und die Sachdarstellung",
        "Der Bürgermeister",
        "In Vertretung",
        "Beigeordnete",
        "Amtsleiter",
        "Sachbearbeiterin",
    ],
    "kreis-mettmann": [
        "Kreis Mettmann",
        "☒ Beschluss",
        "☐ Wahl",
        "☐ Kenntnisnahme",
        "Vorlagen Nr. 50/020/2015",
        "öffentlich",
        *METTMANN_HEAD,
        "Gremium",
        "Termin",
        "TOP",
        "Art der Entscheidung",
        "Beratungsfolge",
        "Termine",
        "Art der Entscheidung",
        METTMANN_SUBJECT,
        "Finanzielle Auswirkung",
        *BOXES,
        "Personelle Auswirkung",
        *BOXES,
        "Organisatorische Auswirkung",
        *BOXES,
        "Beschlussvorschlag:",
        *METTMANN_HEAD,
        METTMANN_SUBJECT,
        "Anlass der Vorlage:",
        "Sachverhaltsdarstellung:",
        "Umsetzungsschritte und Handlungsfelder",
        "Ausblick",
        "Anlage: Integrationskonzept Kreis Mettmann 2015",
    ],
    "leverkusen": [
        "Stadt Leverkusen",
        "Vorlage Nr. 2017/1900",
        "Der Oberbürgermeister",
        "/III-ar",
        "Dezernat/Fachbereich/AZ",
        "27.10.17",
        "Datum",
        "Gremium",
        "Sitzung am",
        "TOP",
        "Zuständigkeit",
        "Beratungsfolge",
        "Datum",
        "Zuständigkeit",
        "Behandlung",
        "Betreff: Integrationskonzept Stadt Leverkusen",
        "Beschlussentwurf:",
        "1.",
        "2.",
        "gezeichnet:",
        "In Vertretung",
        "In Vertretung",
        (
            "Schnellübersicht über die finanziellen bzw. bilanziellen Auswirkungen, die "
            "beabsichtigte Bürgerbeteiligung und die Nachhaltigkeit der Vorlage"
        ),
        "Ansprechpartner/in / Fachbereich / Telefon:",
        (
            "(Kurzbeschreibung der Maßnahme, Angaben zu § 82 GO NRW bzw. zur Einhaltung der für "
            "das betreffende Jahr geltenden Haushaltsverfügung.)"
        ),
        "A) Etatisiert unter Finanzstelle(n) / Produkt(e)/ Produktgruppe(n):",
        "(Etatisierung im laufenden Haushalt und mittelfristiger Finanzplanung)",
        "B) Finanzielle Auswirkungen im Jahr der Umsetzung und in den Folgejahren:",
        ("(z. B. Anschaffungskosten/Herstellungskosten, Personalkosten, Abschreibungen, Zinsen, Sachkosten)"),
        (
            "C) Veränderungen in städtischer Bilanz bzw. Ergebnisrechnung / Fertigung von "
            "Veränderungsmitteilungen:"
        ),
        (
            "(Veränderungsmitteilungen/Kontierungen sind erforderlich, wenn Veränderungen im Vermögen "
            "und/oder Bilanz/Ergebnispositionen eintreten/eingetreten sind oder Sonderposten gebildet "
            "werden müssen.)"
        ),
        "kontierungsverantwortliche Organisationseinheit(en) und Ansprechpartner/in:",
        "D) Besonderheiten (ggf. unter Hinweis auf die Begründung zur Vorlage):",
        (
            "(z. B.: Inanspruchnahme aus Rückstellungen, Refinanzierung über Gebühren, unsichere "
            "Zuschusssituation, Genehmigung der Aufsicht, Überschreitung der Haushaltsansätze, "
            "steuerliche Auswirkungen, Anlagen im Bau, Auswirkungen auf den Gesamtabschluss.)"
        ),
        "E) Beabsichtigte Bürgerbeteiligung (vgl. Vorlage Nr. 2014/0111):",
        "Weitergehende Bürgerbeteiligung erforderlich",
        "Stufe 1 Information",
        "Stufe 2 Konsultation",
        "Stufe 3 Kooperation",
        *BRACKETS * 4,
        "Beschreibung und Begründung des Verfahrens:",
        "(u.a. Art, Zeitrahmen, Zielgruppe und Kosten des Bürgerbeteiligungsverfahrens)",
        "F) Nachhaltigkeit der Maßnahme im Sinne des Klimaschutzes:",
        "Klimaschutz betroffen",
        "Nachhaltigkeit",
        "kurz- bis mittelfristige Nachhaltigkeit",
        "langfristige Nachhaltigkeit",
        *BRACKETS * 4,
        "Begründung:",
        "Abschnitt",
        "Zeit",
        "Zu 1)",
        "Zu 2)",
        "Anlage/n: Integrationskonzept der Stadt Leverkusen",
    ],
    # What stands before the Beschlussvorschlag is lost in the published text.
    "goettingen": [
        "Stadt Göttingen",
        "Der Oberbürgermeister",
        "Art Beschlussvorlage",
        "Vorlage Nr.",
        "Organisationseinheit",
        "Gremium",
        "Sitzung am",
        "TOP",
        "Zuständigkeit",
        "Integrationskonzept",
        "Beratungsfolge",
        "Sitzung",
        "Zuständigkeit",
        "Beschlussvorschlag:",
        "Begründung:",
        "Zur Organisation",
        "Inhalte und Schlussfolgerungen",
        "Finanzielle Auswirkungen:",
        "Anlagen: Integrationskonzept",
    ],
}
EQUALITY = "für die Gleichstellung von Frau und Mann"
# Bergisch Gladbach's form names the committees of the route in the genitive.
GENITIVE = {
    f"Ausschuss {EQUALITY}": f"Ausschusses {EQUALITY}",
    "Sozialausschuss": "Sozialausschusses",
}
