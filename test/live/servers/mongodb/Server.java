import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;

/** Listens on all addresses, on the port that is its argument, until it is killed. */
public class Server {
  public static void main(String[] arguments) throws InterruptedException {
    new MongoServer(new MemoryBackend()).bind("::", Integer.parseInt(arguments[0]));
    Thread.currentThread().join();
  }
}
