import java.io.BufferedInputStream;
import java.io.FileInputStream;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.RDFParser;
import org.eclipse.rdf4j.rio.Rio;

/** Reads a file with the parsers of GraphDB, and prints it as N-Quads. */
public class Rdf4j {
    public static void main(String[] arguments) throws Exception {
        RDFFormat format = Rio.getParserFormatForFileName(arguments[0]).orElseThrow();
        RDFParser parser = Rio.createParser(format);
        parser.setRDFHandler(Rio.createWriter(RDFFormat.NQUADS, System.out));
        try (var in = new BufferedInputStream(new FileInputStream(arguments[0]))) {
            parser.parse(in, "");
        }
    }
}
