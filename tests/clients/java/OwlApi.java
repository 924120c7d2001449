import java.io.File;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.IRI;
import org.semanticweb.owlapi.model.OWLOntology;

/** Opens a file as Protégé does, and prints what each annotated axiom is annotated with, and the facts. */
public class OwlApi {
    public static void main(String[] arguments) throws Exception {
        OWLOntology found = OWLManager.createOWLOntologyManager()
                .loadOntologyFromOntologyDocument(new File(arguments[0]));
        found.axioms().filter(axiom -> axiom.isAnnotated())
                .flatMap(axiom -> axiom.annotations())
                .map(each -> each.getProperty().getIRI() + " " + each.getValue())
                .forEach(System.out::println);
        var fact = OWLManager.getOWLDataFactory().getOWLClass(IRI.create(arguments[1]));
        found.classAssertionAxioms(fact).forEach(axiom -> System.out.println("fact " + axiom.getIndividual()));
    }
}
