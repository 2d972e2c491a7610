import java.io.FileInputStream;
import java.util.List;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Validates each file named on standard input against each flavour given as an argument.
 *  Prints one line per finding, tab-separated: file, flavour, "OK" or the broken rule, how often, message. */
public class Validate {
    public static void main(String[] flavours) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        for (String file : new String(System.in.readAllBytes(), "UTF-8").split("\n")) {
            if (file.isBlank()) continue;
            for (String name : flavours) {
                try {
                    validate(file, name);
                } catch (Exception error) {
                    print(file, name, "unreadable", 1, String.valueOf(error));
                }
            }
        }
    }

    static void validate(String file, String name) throws Exception {
        PDFAFlavour flavour = PDFAFlavour.fromString(name);
        try (FileInputStream input = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(input, flavour)) {
            PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false);
            ValidationResult result = validator.validate(parser);
            TreeMap<String, Integer> counts = new TreeMap<>();
            TreeMap<String, String> messages = new TreeMap<>();
            for (TestAssertion assertion : (List<TestAssertion>) result.getTestAssertions()) {
                if (assertion.getStatus() == TestAssertion.Status.PASSED) continue;
                String rule = assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber();
                counts.merge(rule, 1, Integer::sum);
                messages.putIfAbsent(rule, assertion.getMessage() + " at " + assertion.getLocation().getContext());
            }
            if (result.isCompliant()) print(file, name, "OK", 0, "");
            counts.forEach((rule, count) -> print(file, name, rule, count, messages.get(rule)));
            if (!result.isCompliant() && counts.isEmpty()) print(file, name, "not compliant", 1, "");
        }
    }

    static void print(String file, String flavour, String rule, int count, String message) {
        System.out.println(String.join("\t", file, flavour, rule, String.valueOf(count), message.replaceAll("\\s+", " ")));
    }
}
