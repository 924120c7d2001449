import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.QueryExecutionFactory;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.riot.RDFDataMgr;

/** Loads a file, asks every query of a folder, and writes each answer as CSV. */
public class Jena {
    public static void main(String[] arguments) throws Exception {
        Dataset dataset = RDFDataMgr.loadDataset(arguments[0]);
        try (var queries = Files.newDirectoryStream(Path.of(arguments[1]), "*.rq")) {
            for (Path path : queries) {
                Path answer = Path.of(arguments[2], path.getFileName().toString().replace(".rq", ".csv"));
                try (var execution = QueryExecutionFactory.create(Files.readString(path), dataset);
                        var out = new FileOutputStream(answer.toFile())) {
                    ResultSetFormatter.outputAsCSV(out, execution.execSelect());
                }
            }
        }
    }
}
